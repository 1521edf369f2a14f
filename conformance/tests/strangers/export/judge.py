#!/usr/bin/env python3
"""judge.py BINARY: generate all, run BINARY check FOLDER --report json, compare with the labels.

said   yes: a new finding (not in the right unit's report) at the labelled file and item, with at least the labelled
            severity, or a visible cause in that file whose text names the item
       mild: said at the place, but milder than the label
       elsewhere: something new was said, not at the labelled place
       no: nothing new at all
visible: findings without explained_by; groups: distinct rules, files and items among them, which is what
the text report shows; more than MOST_VISIBLE groups are a flood.

Prints a line a defect, a line a right unit that is found fault with, and one of JSON with the sums.
"""
import collections, json, os, re, shutil, subprocess, sys, tempfile, unicodedata

import defects as Z

SEV = {'info': 1, 'information': 1, 'warning': 2, 'error': 3, None: 0}
WANT = {'I': 1, 'W': 2, 'E': 3}
MOST_VISIBLE = 5


def kind_of(path, names):
    n = os.path.basename(path or '')
    if n in names:
        return names[n]
    return None


def run(binary, folder):
    p = subprocess.run([binary, 'check', folder, '--report', 'json', '--quiet'], capture_output=True)
    try:
        doc = json.loads(p.stdout.decode('utf-8'))
    except ValueError:
        doc = None
    return p.returncode, doc, p.stderr.decode('utf-8', 'replace')


def names_of(unit):
    d = {f.name: f.kind for f in unit.files}
    for b in unit.blobs:
        d[b] = 'IMAGE'
    return d


def norm(doc, names):
    out = []
    for f in (doc or {}).get('findings', []):
        path = f.get('path') or f.get('file')
        if isinstance(path, dict):
            path = path.get('path')
        out.append({'rule': f.get('code') or f.get('rule'), 'sev': f.get('severity'), 'path': path, 'kind': kind_of(path, names),
                    'rec': f.get('record'), 'field': f.get('field'), 'msg': ' '.join(str(f.get(k) or '') for k in ('message', 'found', 'fix')),
                    'found': f.get('found'), 'exp': f.get('explained_by'), 'unit': f.get('unit'), 'id': f.get('id')})
    return out


def key(f):
    return (f['rule'], f['kind'], f['field'], f['found'], f['rec'] if f['sev'] != 'info' else None)


def column(unit, kind, no):
    for f in unit.files:
        if f.kind == kind:
            return {r[no - 1] for r in f.rows if len(r) >= no}
    return set()


def title(kind, no):
    lay = Z.X.LAYOUT.get(kind)
    return lay[no - 1]['name_ja'] if lay and no <= len(lay) else None


def judge(item, new, unit):
    """-> said, matched"""
    alts = [a.split(':') for a in item['at'].split(';')]
    hits = []
    for f in new:
        for k, no in alts:
            if k == '*':
                hits.append(f)
                break
            same = f['kind'] == k
            if no == '*':
                if same or (f['path'] is None and k in f['msg']) or (f['kind'] is None and f['unit'] is not None):
                    hits.append(f)
                    break
            elif same and f['field'] == int(no):
                hits.append(f)
                break
            elif same and f['exp'] is None and re.search(r'項目(番号)?\s*%s(?!\d)' % no, unicodedata.normalize('NFKC', f['msg'])):
                hits.append(f)
                break
            elif same and f['exp'] is None and f['field'] is None and ((title(k, int(no)) or '\0') in f['msg'] or f['found'] and f['found'] in column(unit, k, int(no))):
                hits.append(f)
                break
    if not new:
        return 'no', hits
    if not hits:
        return 'elsewhere', hits
    top = max(SEV[f['sev']] for f in hits)
    return ('yes' if top >= WANT[item['sev']] else 'mild'), hits


def corrections():
    """Labels that the documents corrected, after the first run: id -> place and severity."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, 'corrections.tsv'), encoding='utf-8') as fh:
        lines = fh.read().splitlines()[1:]
    return {i: {'at': at, 'sev': sev} for i, at, sev, _why in (line.split('\t') for line in lines)}


def check(binary, tmp, name, unit):
    folder = os.path.join(tmp, name)
    unit.write(folder)
    code, doc, err = run(binary, folder)
    if doc is None:
        sys.exit('%s: no report (exit code %d): %s' % (name, code, err))
    shutil.rmtree(folder)
    return code, norm(doc, names_of(unit))


def summary(findings):
    """The rules that spoke, the most frequent first."""
    rules = collections.Counter((f['rule'], f['sev'][0].upper(), f['kind'] or '-', f['field'] or '*') for f in findings)
    return ' '.join('%s/%s@%s:%s%s' % (*r, 'x%d' % n if n > 1 else '') for r, n in rules.most_common(7))


def judge_defects(binary, tmp):
    fix = corrections()
    base = {}
    for b in sorted({x['base'] for x in Z.DEFECTS}):
        _, found = check(binary, tmp, 'base-' + b, Z.X.BUILDERS[b](1))
        base[b] = collections.Counter(key(f) for f in found)
    said, flooding = collections.defaultdict(list), []
    for x in Z.DEFECTS:
        unit = Z.build(x)
        _, found = check(binary, tmp, x['id'], unit)
        left, new = base[x['base']].copy(), []
        for f in found:
            if left[key(f)] > 0:
                left[key(f)] -= 1
            else:
                new.append(f)
        label = {**x, **fix.get(x['id'], {})}
        word, _ = judge(label, new, unit)
        said[word].append(x['id'])
        visible = [f for f in new if f['exp'] is None]
        groups = {(f['rule'], f['path'], f['field']) for f in visible}
        if len(groups) > MOST_VISIBLE:
            flooding.append(x['id'])
        print('\t'.join([x['id'], '%s %s' % (label['at'], label['sev']), word, str(len(visible)), str(len(groups)), summary(visible), x['what']]))
    return said, flooding


def judge_right(binary, tmp):
    """Right units that an error or a warning is said of."""
    right = [(x['id'], Z.build(x)) for x in Z.LEGAL]
    right += [('seed%d-%s' % (seed, b), Z.X.BUILDERS[b](seed)) for seed in range(2, 8) for b in sorted(Z.X.BUILDERS)]
    false = []
    for name, unit in right:
        code, found = check(binary, tmp, name, unit)
        wrong = [f for f in found if f['sev'] in ('error', 'warning')]
        if wrong or code:
            false.append(name)
            print('\t'.join([name, 'right', 'FALSE', str(len(wrong)), '', summary(wrong), wrong[0]['msg'] if wrong else 'exit code %d' % code]))
    return len(right), false


def main():
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix='stranger-') as tmp:
        print('id\tlabel\tsaid\tvisible\tgroups\trules\twhat is wrong')
        said, flooding = judge_defects(binary, tmp)
        right, false = judge_right(binary, tmp)
    print(json.dumps({
        'defects': len(Z.DEFECTS),
        'said': len(said['yes']) + len(said['mild']),
        'milder': said['mild'],
        'elsewhere': said['elsewhere'],
        'unsaid': said['no'],
        'flooding': flooding,
        'right': right,
        'false': false,
    }))


if __name__ == '__main__':
    main()
