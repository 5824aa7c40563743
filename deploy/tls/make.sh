#!/bin/sh
# Makes a CA of your own and a certificate for the GPU node: make.sh HOST [FOLDER]
#
# HOST: the name or address that workers call. FOLDER/model.pem stays on the GPU node,
# FOLDER/ca.pem goes to the bot node; nobody needs FOLDER/ca.key once you have enough certificates.
# Run again, it makes a new certificate by the same CA.
set -eu
host=${1:?the GPU node\'s name or address}
folder=${2:-$(dirname "$0")}
case $host in
*[!0-9.]*) name="DNS:$host" ;;
*) name="IP:$host" ;;
esac
umask 077
mkdir -p "$folder"
cd "$folder"

if [ ! -e ca.key ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
        -subj "/CN=Tertulia's model servers" -keyout ca.key -out ca.pem \
        -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" 2>/dev/null
fi
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$host" \
    -keyout model.key -out model.csr 2>/dev/null
printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$name" >model.ext
openssl x509 -req -in model.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 \
    -extfile model.ext -out model.crt 2>/dev/null
cat model.crt model.key >model.pem
rm -f model.csr model.ext model.crt model.key
echo "$folder: model.pem for the GPU node, ca.pem for the bot node"
