"""Downloads the oldest message of the inbox: usage download.py RELAY C-ID KJ-ID.

helper.pem holds certificate, chain and key; ca.pem the test authority.
"""

import hashlib
import io
import json
import ssl
import sys
import urllib.error
import urllib.request
import zipfile

relay, c_id, kj_id = sys.argv[1:]
context = ssl.create_default_context(cafile="ca.pem")
context.load_cert_chain("helper.pem")
opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
)


def ask(method, path, token=None, body=None):
    request = urllib.request.Request(relay + path, method=method)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")


first = json.loads(ask("POST", "/v1/login/terminal", None, {"user_id": c_id, "password": "Terminal1"}))
login = json.loads(
    ask("POST", "/v1/login/office", first["terminal_token"], {"user_id": kj_id, "password": "Careplan1"})
)
token = login["access_token"]
listed = json.loads(ask("GET", "/v1/inbox?sort=received_at", token))
message = listed["items"][0]["id"]
claim = json.loads(ask("POST", f"/v1/inbox/{message}/claim", token))
archive = ask("GET", "/v1/downloads/" + claim["download_token"], token)
sha256 = hashlib.sha256(archive).hexdigest()
if sha256 != claim["sha256"]:
    sys.exit("the checksum differs")
ask("POST", f"/v1/downloads/{claim['download_token']}/confirm", token, {"sha256": sha256})
with zipfile.ZipFile(io.BytesIO(archive)) as files:
    if files.testzip() is not None:
        sys.exit("the archive is damaged")
    manifest = json.loads(files.read("relay/manifest.json"))
    for entry in manifest["files"]:
        content = files.read(entry["name"])
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            sys.exit(f"{entry['name']} is not what the manifest says")
        print(entry["name"])
