"""A shard backed up to a file, and restored from it."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from bots.chat.times import rfc3339
from deploy.cli.output import Answer, give, translation
from deploy.cli.running import done
from engine.adapters.backup_file import BackupError, Head, read_head, read_pieces, writing
from engine.bootstrap import Premises, system_clock
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.settings import read_settings


def backed_up(file: Path, *, as_json: bool) -> int:
    """Writes the backup; answers the process's status.

    Raises:
        BackupError, Explained
    """
    settings = read_settings()
    head = Head(settings.redis.shard, version("tertulia"), rfc3339(system_clock().now_ms()))

    async def back_up(at: Premises) -> tuple[int, int]:
        debates = keys = 0
        with writing(file, head) as add:
            async for piece in at.archive.read():
                add(piece)
                debates += "debate" in piece
                keys += "debate" not in piece
        return debates, keys

    debates, keys = done(back_up, settings)
    size = file.stat().st_size
    data = {"file": str(file), "debates": debates, "keys": keys, "bytes": size}
    line = translation()(_("{file}: {debates} debates, {keys} other keys, {size} bytes"))
    told = line.format(file=file, debates=debates, keys=keys, size=size)
    return give(Answer(data, [told]), as_json=as_json)


def restoring(file: Path) -> str:
    """What is asked before what is there is deleted.

    Raises:
        BackupError
    """
    head = read_head(file)
    text = translation()(_("Delete the shard {shard} and put its backup of {at} in its place?"))
    return text.format(shard=head.shard, at=head.at)


class StillAtWork(Explained):
    """What is to be replaced is being worked on."""


async def _check_nobody_works(at: Premises) -> None:
    workers = [worker.name for worker in await at.inspection.workers() if worker.report]
    if workers:
        raise StillAtWork(
            "workers are at work here ({names}); have them end, and the bots, before this is "
            "replaced: tertulia workers drain --all --wait 60",
            names=", ".join(workers),
        )


def restored(file: Path, *, replace: bool, as_json: bool) -> int:
    """Restores it, once it was found whole; answers the process's status.

    Raises:
        BackupError, NotEmpty, StillAtWork, Explained
    """
    settings, head = read_settings(), read_head(file)
    if head.shard != settings.redis.shard:
        raise BackupError(
            "{file} is of the shard {shard}, and the settings name {ours}; to restore it: "
            "TERTULIA_REDIS__SHARD={shard}",
            file=file,
            shard=head.shard,
            ours=settings.redis.shard,
        )

    async def restore(at: Premises) -> Answer:
        if replace:
            await _check_nobody_works(at)
        back = await at.archive.write(read_pieces(file), replace=replace)
        translate = translation()
        line = translate("{debates} debates are back, {open} of them go on; {keys} other keys.")
        told = line.format(debates=back.debates, open=back.open, keys=back.keys)
        return Answer(asdict(back) | {"file": str(file), "made_at": head.at}, [told])

    return give(done(restore, settings), as_json=as_json)
