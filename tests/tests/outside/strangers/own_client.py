"""A client written from docs/own-client.md alone: the standard library and the command openssl.

    own_client.py RELAY DESK login C-ID KJ-ID
    own_client.py RELAY DESK send FOLDER FROM TO TEXT
    own_client.py RELAY DESK list
    own_client.py RELAY DESK fetch ID
    own_client.py RELAY DESK verify ARCHIVE RECEIVED-AT FROM TO

DESK is a folder with office.p12 (password in P12_PASSWORD); all that must survive a crash is kept in it.
The authority is trusted by ca.pem in the current folder; logins take TERMINAL_PASSWORD and
OFFICE_PASSWORD. Numbers in brackets are the sections of the page.
"""

import base64
import datetime
import hashlib
import http.client
import json
import os
import pathlib
import re
import secrets
import ssl
import subprocess
import sys
import time
import urllib.parse
import zipfile

ATTEMPTS = 3
WAIT = 0.5
NOT_KNOWN = 75


class Lost(Exception):
    """It is not known what became of the request."""


class Refused(Exception):
    """The relay said no, and why."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail_en')}")
        self.status, self.code = status, problem.get("code")


def openssl(*arguments, given=None):
    done = subprocess.run(["openssl", *map(str, arguments)], input=given, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"openssl {arguments[0]}: {done.stderr.decode()}")
    return done.stdout, done.stderr


# DER [5].


def tlv(tag, *parts):
    content = b"".join(parts)
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    octets = bytes([40 * first + second])
    for number in rest:
        group = [number & 127]
        while number := number >> 7:
            group.insert(0, number & 127 | 128)
        octets += bytes(group)
    return tlv(6, octets)


def elements(content):
    """The elements of a constructed value: tag, whole element, its content."""
    found = []
    while content:
        length, at = content[1], 2
        if length & 128:
            at += length & 127
            length = int.from_bytes(content[2:at], "big")
        found.append((content[0], content[: at + length], content[at : at + length]))
        content = content[at + length :]
    return found


SHA256 = tlv(0x30, oid("2.16.840.1.101.3.4.2.1"))
ECDSA = tlv(0x30, oid("1.2.840.10045.4.3.2"))
RSA = tlv(0x30, oid("1.2.840.113549.1.1.1"), tlv(5))
DATA = oid("1.2.840.113549.1.7.1")


def attributes(manifest, at):
    """What the key signs: the set of the signed attributes, with its own tag."""
    time_text = at.strftime("%y%m%d%H%M%SZ").encode()
    digest = hashlib.sha256(manifest).digest()
    return tlv(
        0x31,
        tlv(0x30, oid("1.2.840.113549.1.9.3"), tlv(0x31, DATA)),
        tlv(0x30, oid("1.2.840.113549.1.9.5"), tlv(0x31, tlv(0x17, time_text))),
        tlv(0x30, oid("1.2.840.113549.1.9.4"), tlv(0x31, tlv(4, digest))),
    )


def sign(manifest, certificate, above, key_file):
    """Detached CMS SignedData in DER."""
    body = elements(elements(certificate)[0][2])[0][2]
    fields = [part for part in elements(body) if part[0] != 0xA0]
    serial, issuer, public_key = fields[0][1], fields[2][1], fields[5][2]
    kind = elements(elements(public_key)[0][2])[0][1]
    algorithm = ECDSA if kind == oid("1.2.840.10045.2.1") else RSA
    signed = attributes(manifest, datetime.datetime.now(datetime.timezone.utc))
    signature, _ = openssl("dgst", "-sha256", "-sign", key_file, given=signed)
    signer = tlv(
        0x30,
        tlv(2, b"\1"),
        tlv(0x30, issuer, serial),
        SHA256,
        b"\xa0" + signed[1:],
        algorithm,
        tlv(4, signature),
    )
    data = tlv(
        0x30,
        tlv(2, b"\1"),
        tlv(0x31, SHA256),
        tlv(0x30, DATA),
        tlv(0xA0, *sorted([certificate, *above])),
        tlv(0x31, signer),
    )
    return tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, data))


def problems(listed, name):
    """What is wrong with a name that becomes a file [10]."""
    devices = {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in range(10))}
    stem = name.split(".")[0].upper()
    return name in listed or name in ("", ".", "..") or stem in devices or re.search(r'[/\\:\x00-\x1f]', name)


class Desk:
    def __init__(self, relay, folder):
        self.folder = pathlib.Path(folder)
        self.host = urllib.parse.urlsplit(relay).netloc
        self.unpack()
        self.context = ssl.create_default_context(cafile="ca.pem")
        self.context.load_cert_chain(self.folder / "chain.pem", self.folder / "key.pem")
        kept = self.folder / "desk.json"
        self.state = json.loads(kept.read_text()) if kept.exists() else {"sends": {}, "claims": {}}

    def unpack(self):
        """Certificate, those above it, and key [1]."""
        part = ["pkcs12", "-in", self.folder / "office.p12", "-passin", "env:P12_PASSWORD", "-noenc"]
        own, _ = openssl(*part, "-clcerts", "-nokeys")
        above, _ = openssl(*part, "-cacerts", "-nokeys")
        key, _ = openssl(*part, "-nocerts")
        (self.folder / "chain.pem").write_bytes(own + above)
        (self.folder / "key.pem").write_bytes(key)
        block = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.S)
        self.certificate = ssl.PEM_cert_to_DER_cert(block.findall(own.decode())[0])
        self.above = [ssl.PEM_cert_to_DER_cert(pem) for pem in block.findall(above.decode())]

    def keep(self):
        fresh = self.folder / "desk.json.new"
        with open(fresh, "w") as file:
            json.dump(self.state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self.folder / "desk.json")

    # One request.

    def once(self, method, path, headers, body):
        connection = http.client.HTTPSConnection(self.host, context=self.context, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Lost(str(error)) from error
        finally:
            connection.close()
        return self.judged(response.status, answer)

    @staticmethod
    def judged(status, answer):
        """[7], [11]."""
        try:
            read = json.loads(answer) if answer else {}
        except ValueError as error:
            raise Lost(f"status {status}") from error
        if status < 400:
            return read
        if "code" not in read or status == 408 or (status >= 500 and status not in (503, 507)):
            raise Lost(f"status {status}")
        raise Refused(status, read)

    def ask(self, method, path, token=None, key=None, body=None, kind="application/json", repeat=True):
        headers = {"Content-Length": "0"} if method == "POST" and body is None else {}
        if body is not None:
            headers["Content-Type"] = kind
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        if token:
            headers["Authorization"] = "Bearer " + token
        if key:
            headers["Idempotency-Key"] = key
        attempts = ATTEMPTS if repeat else 1
        for attempt in range(attempts):
            try:
                return self.once(method, path, headers, body)
            except Lost:
                if attempt + 1 == attempts:
                    raise
                time.sleep(WAIT * 2**attempt)

    # The session [2], [3].

    def login(self, c_id, kj_id):
        who = {"user_id": c_id, "password": os.environ["TERMINAL_PASSWORD"]}
        first = self.ask("POST", "/v1/login/terminal", body=who, repeat=False)
        who = {"user_id": kj_id, "password": os.environ["OFFICE_PASSWORD"]}
        token = first["terminal_token"]
        self.state["session"] = self.ask("POST", "/v1/login/office", token, body=who, repeat=False)
        self.keep()

    def renew(self):
        session = self.state["session"]
        if "key" not in session:
            session["key"] = secrets.token_hex(16)
            self.keep()
        body = {"refresh_token": session["refresh_token"]}
        self.state["session"] = self.ask("POST", "/v1/token/refresh", key=session["key"], body=body)
        self.keep()

    def in_session(self, method, path, **more):
        try:
            return self.ask(method, path, self.state["session"]["access_token"], **more)
        except Refused as refused:
            if refused.status != 401:
                raise
        self.renew()
        return self.ask(method, path, self.state["session"]["access_token"], **more)

    # Sending [4] to [7].

    def send(self, folder, sender, receiver, text):
        paths = sorted(pathlib.Path(folder).iterdir())
        contents = {path.name: path.read_bytes() for path in paths}
        kept = self.state["sends"].get(folder)
        if kept is None:
            files = [
                {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in contents.items()
            ]
            now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            manifest = {"version": 1, "from": sender, "to": receiver, "created_at": now}
            manifest |= {"text": text, "files": files}
            manifest = json.dumps(manifest, ensure_ascii=False).encode()
            signature = sign(manifest, self.certificate, self.above, self.folder / "key.pem")
            kept = {"key": secrets.token_hex(16), "manifest": manifest.decode()}
            kept["signature"] = base64.b64encode(signature).decode()
            self.state["sends"][folder] = kept
            self.keep()
        signature = base64.b64decode(kept["signature"])
        boundary, form = self.form(kept["manifest"].encode(), signature, contents)
        kind = f"multipart/form-data; boundary={boundary}"
        try:
            sent = self.in_session("POST", "/v1/messages", key=kept["key"], body=form, kind=kind)
        except Refused as refused:
            if refused.status == 422:
                del self.state["sends"][folder]
                self.keep()
            raise
        del self.state["sends"][folder]
        self.keep()
        print("sent", sent["id"], "before" if sent["repeated"] else "now")

    @staticmethod
    def form(manifest, signature, contents):
        boundary = secrets.token_hex(16)
        parts = [
            ('name="manifest"', "application/json", manifest),
            ('name="signature"', "application/pkcs7-signature", signature),
        ]
        for name, content in contents.items():
            parts.append((f'name="file"; filename="{name}"', "application/octet-stream", content))
        form = b""
        for disposition, kind, content in parts:
            form += f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n".encode()
            form += f"Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"
        return boundary, form + f"--{boundary}--\r\n".encode()

    # Receiving [8] to [10].

    def rows(self):
        after = None
        while True:
            query = {"per_page": "2", "state": "unfetched"} | ({"after": after} if after else {})
            page = self.in_session("GET", "/v1/inbox?" + urllib.parse.urlencode(query))
            yield from page["items"]
            if (after := page["next"]) is None:
                return

    def fetch(self, message):
        item = self.in_session("GET", f"/v1/inbox/{message}")
        archive = self.folder / f"{message}.zip"
        claim = self.state["claims"].setdefault(message, {"key": secrets.token_hex(16)})
        with open(archive, "ab"):
            pass
        self.keep()
        if "download_token" not in claim:
            answer = self.in_session("POST", f"/v1/inbox/{message}/claim", key=claim["key"])
            claim |= answer
            self.keep()
        self.download(claim, archive)
        own = self.state["session"]["office"]["number"]
        saved = self.verify(archive, item["received_at"], item["from"]["number"], own)
        path = f"/v1/downloads/{claim['download_token']}/confirm"
        self.in_session("POST", path, body={"sha256": claim["sha256"]})
        del self.state["claims"][message]
        self.keep()
        for name in saved:
            print("saved", name)

    def download(self, claim, archive):
        for _ in range(ATTEMPTS):
            have = archive.stat().st_size
            if have == claim["size"]:
                break
            headers = {"Authorization": "Bearer " + self.state["session"]["access_token"]}
            if have:
                headers |= {"Range": f"bytes={have}-", "If-Range": f'"{claim["sha256"]}"'}
            connection = http.client.HTTPSConnection(self.host, context=self.context, timeout=60)
            try:
                connection.request("GET", f"/v1/downloads/{claim['download_token']}", headers=headers)
                response = connection.getresponse()
                if response.status == 401:
                    self.renew()
                    continue
                if response.status not in (200, 206):
                    self.judged(response.status, response.read())
                range_ = response.headers.get("Content-Range", "")
                goes_on = response.status == 206 and range_.startswith(f"bytes {have}-")
                with open(archive, "ab" if goes_on else "wb") as file:
                    while piece := response.read(1 << 16):
                        file.write(piece)
            except (OSError, http.client.HTTPException):
                time.sleep(WAIT)
            finally:
                connection.close()
        if archive.stat().st_size != claim["size"]:
            raise Lost("the download broke off")
        if hashlib.sha256(archive.read_bytes()).hexdigest() != claim["sha256"]:
            archive.unlink()
            sys.exit("the checksum differs")

    def verify(self, archive, received_at, sender, own):
        """Unpacks what the sender signed into a folder of its own, and nothing else."""
        with zipfile.ZipFile(archive) as files:
            manifest = files.read("relay/manifest.json")
            for name, content in [("m", manifest), ("s", files.read("relay/manifest.json.p7s"))]:
                (self.folder / name).write_bytes(content)
            m, s, signer = (self.folder / name for name in ("m", "s", "signer.pem"))
            at = datetime.datetime.fromisoformat(received_at.replace("Z", "+00:00"))
            check = ["-content", m, "-in", s, "-CAfile", "ca.pem", "-signer", signer]
            moment = ["-attime", int(at.timestamp())]
            openssl("cms", "-verify", "-binary", "-inform", "DER", *check, *moment)
            subject, _ = openssl("x509", "-in", signer, "-noout", "-subject")
            office = re.search(r"serialNumber ?= ?(\w+)", subject.decode()).group(1)
            self.not_revoked(signer, at)
            manifest = json.loads(manifest)
            if not (office == manifest["from"] == sender):
                sys.exit(f"signed by {office}, sent by {manifest['from']}, listed as {sender}")
            if manifest["to"] != own or manifest["version"] != 1:
                sys.exit("it is for another office")
            contents = {}
            for entry in manifest["files"]:
                if problems(contents, entry["name"]):
                    sys.exit("a name that cannot be saved")
                content = files.read(entry["name"])
                right = len(content) == entry["size"]
                if not right or hashlib.sha256(content).hexdigest() != entry["sha256"]:
                    sys.exit(f"{entry['name']} is not what was signed")
                contents[entry["name"]] = content
            known = {"relay/manifest.json", "relay/manifest.json.p7s", "relay/message.txt", *contents}
            if len(files.namelist()) != len(set(files.namelist())) or set(files.namelist()) - known:
                sys.exit("it holds more than was signed")
        beside = self.folder / ("." + archive.stem)
        beside.mkdir(exist_ok=True)
        for name, content in contents.items():
            (beside / name).write_bytes(content)
        beside.rename(self.folder / archive.stem)
        return list(contents)

    def not_revoked(self, signer, at):
        listed = base64.b64decode(self.ask("GET", "/v1/authority")["crl_der_base64"])
        text, said = openssl("crl", "-inform", "DER", "-CAfile", "ca.pem", "-noout", "-text", given=listed)
        if b"verify OK" not in said:
            sys.exit("the revocation list is another's")
        serial, _ = openssl("x509", "-in", signer, "-noout", "-serial")
        serial = serial.decode().strip().removeprefix("serial=")
        rows = re.findall(r"Serial Number: (\w+)\s+Revocation Date: (.+) GMT", text.decode())
        for number, date in rows:
            since = datetime.datetime.strptime(date, "%b %d %H:%M:%S %Y").replace(tzinfo=at.tzinfo)
            if int(number, 16) == int(serial, 16) and since <= at:
                sys.exit("the signer's certificate had been revoked")


def main(relay, folder, command, *rest):
    desk = Desk(relay, folder)
    if command == "login":
        desk.login(*rest)
    elif command == "send":
        desk.send(*rest)
    elif command == "list":
        for row in desk.rows():
            print(row["id"], row["from"]["number"], row["state"])
    elif command == "fetch":
        desk.fetch(*rest)
    elif command == "verify":
        desk.verify(pathlib.Path(rest[0]), *rest[1:])


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Lost as lost:
        print("not known:", lost, file=sys.stderr)
        sys.exit(NOT_KNOWN)
    except Refused as refused:
        sys.exit(f"refused: {refused}")
