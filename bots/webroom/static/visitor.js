/* Who sits at this browser: a name, asked once, and a language. */

import { get, post } from "./server.js";

/** {id, name} as others see them; null until they say a name. */
export async function whoAmI() {
  return (await get("/me")).person;
}

export async function introduce(name) {
  return (await post("/me", { name })).person;
}

/** Makes the bar's buttons change the language; the page comes anew in it. */
export function languageSwitch() {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", async () => {
      await post("/language", { language: button.dataset.language });
      location.reload();
    });
  }
}
