#!/usr/bin/env python3
"""Exporter of ケアプランデータ連携標準仕様 4.1 CSV (CSVバージョン 202407). Standard library only.

Written from the official tables alone, by somebody who had not seen the checker, its rules or its
fixtures. The layouts are read from fixtures/oracle, which is transcribed from the official tables.
All people and offices are invented.

usage: exporter.py OUTDIR [SEED]      writes one folder per kind of send unit
"""
import base64, calendar, copy, csv, datetime, decimal, os, random, sys

ORACLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../../fixtures/oracle')
D = decimal.Decimal


def load_layouts(folder):
    out = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith('.tsv'):
            with open(os.path.join(folder, name), encoding='utf-8') as fh:
                rows = list(csv.DictReader(fh, delimiter='\t', quoting=csv.QUOTE_NONE))
            out[name[:-4]] = [dict(row, name_ja=row['item'], max_len=row['length']) for row in rows]
    return out


LAYOUT = load_layouts(ORACLE)
LAYOUT3 = load_layouts(os.path.join(ORACLE, 'v3'))


def is_free(col):
    # 明細の書式欄: フリーテキスト。画像ファイル名も項目長が自由なので囲む
    return col['max_len'] == 'free'


FREE = {k: [is_free(c) for c in v] for k, v in LAYOUT.items()}
FREE3 = {k: [is_free(c) for c in v] for k, v in LAYOUT3.items()}
# UPYOBO_SUB 5-17 は書式がすべてフリーテキスト
FREE['UPYOBO_SUB'] = [i >= 4 for i in range(17)]


# ---------------------------------------------------------------- check digits
def check_digit(s):
    letters = {c: 10 + i for i, c in enumerate('ABCDEFGHJKLMNPRSTUVWXYZ')}
    total = 0
    for k, ch in enumerate(reversed(s), 1):
        v = letters.get(ch, None)
        v = int(ch) if v is None else v
        p = v * (2 if k % 2 else 1)
        total += sum(int(d) for d in str(p))
    return (10 - total % 10) % 10


def office(stem9):
    return stem9 + str(check_digit(stem9))


def insurer(stem5):
    return stem5 + str(check_digit(stem5))


# ---------------------------------------------------------------- MS932
def _ibm_table():
    t = {}
    for lead in (0xFA, 0xFB, 0xFC):
        for trail in range(0x40, 0xFD):
            if trail == 0x7F:
                continue
            try:
                ch = bytes([lead, trail]).decode('cp932')
            except UnicodeDecodeError:
                continue
            t.setdefault(ch, bytes([lead, trail]))
    return t


_IBM = _ibm_table()


def ms932(text, nec=False):
    """Encode as Windows does (IBM extensions FA-FC, not ED/EE)."""
    out = bytearray()
    for ch in text:
        b = ch.encode('cp932')
        if len(b) == 2 and b[0] in (0xED, 0xEE) and not nec:
            b = _IBM[ch]
        out += b
    return bytes(out)


# ---------------------------------------------------------------- unit model
class File:
    def __init__(self, kind, name, rows, layout=None):
        self.kind, self.name, self.rows = kind, name, rows
        self.free = (layout or FREE)[kind]
        self.quote = 'free'          # free / all / none / free-nonempty
        self.eol, self.final_eol = '\r\n', True
        self.sep = ','
        self.text_post, self.post = [], []
        self.encoder = ms932

    def cell(self, i, value):
        free = self.free[i] if i < len(self.free) else False
        if self.quote == 'all' or (self.quote == 'free' and free) or (self.quote == 'free-nonempty' and free and value):
            return '"' + value.replace('"', '""') + '"'
        if self.quote == 'minimal' and any(c in value for c in ',"\r\n'):
            return '"' + value.replace('"', '""') + '"'
        return value

    def text(self):
        lines = [self.sep.join(self.cell(i, v) for i, v in enumerate(r)) for r in self.rows]
        t = self.eol.join(lines) + (self.eol if self.final_eol and lines else '')
        for fn in self.text_post:
            t = fn(t)
        return t

    def data(self):
        b = self.encoder(self.text())
        for fn in self.post:
            b = fn(b)
        return b

    # 項目番号は1から
    def get(self, rec, no):
        return self.rows[rec][no - 1]

    def set(self, rec, no, value):
        self.rows[rec][no - 1] = value

    def all(self, no, fn):
        for r in self.rows:
            r[no - 1] = fn(r[no - 1])

    def find(self, pred):
        for i, r in enumerate(self.rows):
            if pred(r):
                return i
        raise LookupError('no such row in ' + self.name)


class Unit:
    def __init__(self, kind):
        self.kind, self.files, self.blobs = kind, [], {}

    def add(self, kind, name, rows, layout=None):
        f = File(kind, name, rows, layout)
        n = len(f.free)
        for r in rows:
            assert len(r) == n, (kind, len(r), n)
        self.files.append(f)
        return f

    def get(self, kind):
        for f in self.files:
            if f.kind == kind:
                return f
        raise LookupError(kind)

    def drop(self, kind):
        self.files = [f for f in self.files if f.kind != kind]

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        for f in self.files:
            with open(os.path.join(folder, f.name), 'wb') as fh:
                fh.write(f.data())
        for name, data in self.blobs.items():
            with open(os.path.join(folder, name), 'wb') as fh:
                fh.write(data)


# ---------------------------------------------------------------- invented world
VERSION = '202407'
CM = office('477900011')            # 4779000118
CM2 = office('477900012')
HOKATSU = office('470900001')       # 区分0 地域包括
HOME = office('477900021')          # 訪問介護
HOME2 = office('477900022')
DAY = office('477900031')           # 通所介護
DAYBIG = office('477900032')
RENT = office('477900041')          # 福祉用具貸与
NURSE = office('476900051')         # 訪問看護
ROKEN = office('475900061')         # 老健
LOCAL = office('479900071')         # 地域密着型通所
A2OFF = office('47A900081')         # 総合事業 訪問
A6OFF = office('47A900082')
NAMES = {CM: '架空居宅介護支援事業所', CM2: '第二架空居宅介護支援事業所', HOKATSU: '架空地域包括支援センター',
         HOME: '試験ヘルパーステーション', HOME2: '見本訪問介護事業所', DAY: '試験デイサービスセンター',
         DAYBIG: '見本大規模デイサービス', RENT: '架空福祉用具レンタル', NURSE: '試験訪問看護ステーション',
         ROKEN: '架空老人保健施設', LOCAL: '見本地域デイ', A2OFF: '試験生活支援サービス', A6OFF: '架空ミニデイ'}
INSURER = insurer('47999')
SURNAMES = [('架空', 'カクウ'), ('試験', 'シケン'), ('見本', 'ミホン'), ('仮名', 'カメイ'), ('模擬', 'モギ'), ('例示', 'レイジ')]
GIVEN = [('太郎', 'タロウ', '1'), ('花子', 'ハナコ', '2'), ('一郎', 'イチロウ', '1'), ('和子', 'カズコ', '2'), ('梅', 'ウメ', '2'), ('正', 'タダシ', '1')]
LIMIT = {'06': 5032, '12': 5032, '13': 10531, '21': 16765, '22': 19705, '23': 27048, '24': 30938, '25': 36217}
JPEG = base64.b64decode('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////'
                        '////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=') + b'\xff\xd9'  # The mark of the end, which many a smallest image lacks (ITU T.81, B.2.1).


def person(rng, idx, level, h=False):
    s, g = SURNAMES[(idx + rng.randrange(6)) % 6], GIVEN[(idx * 2 + rng.randrange(2)) % 6]
    num = '00' + '%08d' % (rng.randrange(10**6, 9 * 10**6) * 10 + idx)
    year = 1966 + idx if h else rng.randrange(1932, 1950)
    if h:
        num = 'H' + '%09d' % (rng.randrange(10**7, 9 * 10**7) * 10 + idx)
    return {'no': num, 'name': s[0] + '　' + g[0], 'kana': s[1] + '　' + g[1], 'sex': g[2],
            'birth': '%04d%02d%02d' % (year, rng.randrange(1, 13), rng.randrange(1, 28)), 'level': level,
            'ins': INSURER, 'rate': 0 if h else 90}


def pname(kind, month, frm, fk, to, tk, seq):
    return '_'.join(([kind, month] if month else [kind]) + [frm, fk, to, tk, seq]) + '.CSV'


SEQ = '20261125093015'
MONTH = '202612'
CREATED = '20261120'
PLAN_DATE = '20261115'


# ---------------------------------------------------------------- supplement
def hosoku(p, plan_date='00000000', month=MONTH, cm=CM, short=('', '')):
    r = [''] * 63
    r[0:8] = [VERSION, p['ins'], p['no'], plan_date, p['kana'], p['name'], p['sex'], p['birth']]
    r[8:12] = ['900-0001', '架空県架空市見本町１－２－３', '', '000-000-0000']
    r[12:16] = ['20260410', '20260401', '20270331', '2']
    r[17], r[18] = p['level'], str(LIMIT[p['level']])
    r[55] = '0'
    r[56], r[57] = short
    r[58] = p['level']
    r[59] = r[60] = cm
    r[62] = month
    return r


# ---------------------------------------------------------------- tables 1-3
def plan123(seed=1):
    rng = random.Random(seed)
    u = Unit('plan123')
    ps = [person(rng, 0, '21'), person(rng, 1, '23')]
    t1, t2, t3, hs = [], [], [], []
    for p in ps:
        t1.append([VERSION, p['ins'], p['no'], CREATED, '900-0001', '架空県架空市見本町１－２－３', '', '試験　計子', NAMES[CM],
                   '900-0002', '架空県架空市試験町４－５', '', CM, PLAN_DATE, '20250410', '21', '2', '20260410', '20260401',
                   '20270331', p['level'], '本人：自宅で暮らし続けたい。\r\n家族：無理なく見守りたい。', '特になし', '自立を支え、転倒を防ぐ。緊急時は主治医に連絡する。',
                   '1', '', CM, ''])
        goals = [(1, '自宅で入浴したい', 1, '安全に入浴できる', '見守りで入浴できる', [('入浴の介助', 'Y', '通所介護', DAY), ('送迎', 'Y', '通所介護', DAY)]),
                 (1, '', 2, '下肢筋力を保つ', '毎日10分歩く', [('家族との散歩', 'N', '家族', '')]),
                 (2, '掃除ができず困っている', 1, '清潔な部屋で過ごす', '週2回掃除ができる', [('掃除・洗濯', 'Y', '訪問介護', HOME)])]
        for need, text, goal, long_, short, sup in goals:
            for k, (content, ins, kind, off) in enumerate(sup, 1):
                first = k == 1
                t2.append([VERSION, p['ins'], p['no'], CREATED, PLAN_DATE, str(need), text if first else '', str(goal),
                           long_ if first else '', short if first else '', 'R8.12.1～R9.11.30' if first else '',
                           'R8.12.1～R9.5.31' if first else '', str(k), content, ins, kind, off, NAMES.get(off, ''),
                           '週2回', 'R8.12.1～R9.5.31', CM, ''])
        for wd in ('1', '4'):
            t3.append([VERSION, p['ins'], p['no'], CREATED, PLAN_DATE, '訪問介護', wd, '0930', '1030', '', '', '', ''])
        t3.append([VERSION, p['ins'], p['no'], CREATED, PLAN_DATE, '通所介護', '3', '0930', '1645', '', '', '', ''])
        for act, a, b in (('起床', '0630', '0700'), ('昼食', '1200', '1230')):
            t3.append([VERSION, p['ins'], p['no'], CREATED, PLAN_DATE, '', '', '', '', act, a, b, ''])
        t3.append([VERSION, p['ins'], p['no'], CREATED, PLAN_DATE, '', '', '', '', '', '', '', '福祉用具貸与（手すり）'])
        hs.append(hosoku(p, PLAN_DATE, '000000'))
    for kind, rows in (('UP1KYO', t1), ('UP2KYO', t2), ('UP3KYO', t3)):
        u.add(kind, pname(kind, '', CM, '43', HOME, '11', SEQ), rows)
    u.add('UPHOSOKU', pname('UPHOSOKU', '000000', CM, '43', HOME, '11', SEQ), hs)
    u.people = ps
    return u


# ---------------------------------------------------------------- tables 6/7
def half_up(x):
    return int(D(x).quantize(D(1), rounding=decimal.ROUND_HALF_UP))


def weekdays(month, wd, limit=None):
    y, m = int(month[:4]), int(month[4:])
    days = ['%s%02d' % (month, d) for d in range(1, calendar.monthrange(y, m)[1] + 1)
            if datetime.date(y, m, d).isoweekday() == wd]
    return days[:limit] if limit else days


def svc(off, code, units, dates, start='9999', end='9999', count='1', **kw):
    s = {'off': off, 'code': code, 'units': units, 'dates': dates, 'start': start, 'end': end, 'count': count,
         'tais': '', 'todoke': '', 'ename': '', 'disc': '', 'limit': True, 'lunits': None, 'sat': '', 'over30': '0',
         'bitmap': '', 'price': '10.00', 'days': None, 'rate': None, 'disc_rate': None, 'pm': None, 'over': 0}
    s.update(kw)
    return s


def use_rows(p, services, month=MONTH, cm=CM, created=CREATED, updated=None, eeee=False, money='row',
             short=None, with18=True):
    """UPPLAN rows and UPSIKYU rows of one person."""
    plan, groups = [], {}
    for s in services:
        groups.setdefault((s['off'], s['code'][:2]), []).append(s)
    for (off, kind), lst in groups.items():     # 率の加算
        for s in lst:
            if s['pm'] is not None:
                base = sum((o['dunits'] if 'dunits' in o else o['units']) * total_count(o) for o in lst if o['pm'] is None)
                s['units'] = half_up(D(base) * s['pm'] / 1000)
                s['limit'] = False
    for s in services:
        du = s['units']
        if s['disc_rate']:
            du = half_up(D(s['units']) * s['disc_rate'] / 100)
        s['dunits'] = du
        for day in s['dates']:
            d, st, en = (day if isinstance(day, tuple) else (day, s['start'], s['end']))
            plan.append([VERSION, p['ins'], p['no'], created, month, cm, '試験　計子', str(du),
                         (short[0] if short and s['code'][:2] in ('21', '22', '23', '2A') else ''), d, s['bitmap'], st, en,
                         s['count'], s['code'], s['tais'], s['todoke'], s['ename'], s['disc'], s['off'], NAMES[s['off']],
                         s['sat'], s['over30'], updated or cm, ''])
    plan.sort(key=lambda r: r[9])
    use, tot = [], dict.fromkeys((17, 18, 21, 22, 24, 26, 28, 29), 0)

    def row(code, off, **v):
        r = [VERSION, p['ins'], p['no'], created, month, NAMES.get(off, ''), off, '', code] + [''] * 28
        r[12], r[15], r[32], r[33], r[35] = '0', '0', '0', '9999999999', cm
        for k, x in v.items():
            r[int(k[1:]) - 1] = str(x)
        return r

    for (off, kind), lst in groups.items():
        sub = dict.fromkeys((17, 18, 21, 22, 24, 26, 28, 29), 0)
        out = dict.fromkeys((17, 24, 26, 28, 29), 0)
        only_sub = money == 'subtotal' and len(lst) > 1
        for s in lst:
            n = total_count(s)
            u17 = s['dunits'] * n
            u18 = (s['lunits'] or s['dunits']) * n if s['limit'] else ''
            within = u17 - s['over']
            rate = p['rate'] if s['rate'] is None else s['rate']
            self_pay = s['over30'] == '1'
            c24 = 0 if self_pay else int(D(within) * D(s['price']))
            c26 = int(D(c24) * rate / 100)
            c29 = int(D(u17) * D(s['price'])) if self_pay else int(D(s['over']) * D(s['price']))
            if self_pay:
                u18, within = '', ''
            v = {'n8': s['sat'], 'n10': s['tais'], 'n11': s['todoke'], 'n12': s['ename'], 'n13': s['units'], 'n16': n, 'n17': u17,
                 'n18': u18 if with18 else '', 'n33': s['over30']}
            if s['disc_rate']:
                v.update(n14=s['disc_rate'], n15=s['dunits'])
            if not (only_sub and s['limit']):
                v.update(n23=s['price'], n24=c24, n25=rate, n26=c26, n28=c24 - c26, n29=c29)
                if s['limit'] and not self_pay:
                    v.update(n21=s['over'], n22=within)
            if short and kind in ('21', '22', '23', '2A'):
                v.update(n30=short[0], n31=short[1], n32=int(short[0]) + int(short[1]))
            use.append(row(s['code'], off, **v))
            tgt = sub if (s['limit'] and not self_pay) else out
            tgt[17] += u17
            for k, x in ((18, u18), (21, s['over']), (22, within)):
                if k in tgt and x != '':
                    tgt[k] += x
            for k, x in ((24, c24), (26, c26), (28, c24 - c26), (29, c29)):
                tgt[k] += x
        price, rate = lst[0]['price'], (p['rate'] if lst[0]['rate'] is None else lst[0]['rate'])
        if only_sub:        # 小計の行で計算する書き方
            sub[24] = int(D(sub[22]) * D(price))
            sub[26] = int(D(sub[24]) * rate / 100)
            sub[28] = sub[24] - sub[26]
        if len(lst) > 1:
            v = {'n%d' % k: sub[k] for k in sub if k != 18 or with18}
            use.append(row(kind + 'AAAA', off, n23=price, n25=rate, **v))
        if eeee and out[17]:
            use.append(row(kind + 'EEEE', off, n23=price, n25=rate, **{'n%d' % k: out[k] for k in out}))
        for k in tot:
            tot[k] += sub[k] + out.get(k, 0)
    v = {'n%d' % k: tot[k] for k in tot if k != 18 or with18}
    if short:
        v.update(n30=short[0], n31=short[1], n32=int(short[0]) + int(short[1]))
    use.append(row('999999', '9999999999', **v))
    return plan, use


def total_count(s):
    return s['days'] if s['days'] is not None else len(s['dates']) * int(s['count'])


def base_services(rng, who, month=MONTH):
    h = '%02d30' % rng.randrange(8, 11)
    h1 = '%02d30' % (int(h[:2]) + 1)
    if who == 0:    # 要介護１
        mon, thu, tue, wed = (weekdays(month, d) for d in (1, 4, 2, 3))
        dates = sorted(mon + thu)
        return [svc(HOME, '111211', 387, dates, h, h1, price='10.21'), svc(HOME, '117311', 220, tue, '1400', '1450', price='10.21'),
                svc(HOME, '114001', 200, dates[:1], h, h1, price='10.21'),
                svc(HOME, '116275', 0, dates[:1], pm=270, price='10.21'),
                svc(DAY, '152441', 658, wed, '0930', '1645', price='10.14'), svc(DAY, '155301', 40, wed, '0930', '1645', price='10.14'),
                svc(DAY, '156108', 0, wed[:1], pm=111, price='10.14'),
                svc(RENT, '171007', 300, [month + '01'], tais='00001-000010', ename='手すり　試験型', disc='1'),
                svc(RENT, '171007', 300, [month + '01'], tais='00001-000011', ename='手すり　見本型', disc='2'),
                svc(RENT, '171001', 500, [month + '01'], tais='00002-000020', ename='車いす　架空型')]
    if who == 1:    # 要介護３
        fri, sat = weekdays(month, 5), weekdays(month, 6)
        return [svc(HOME, '111211', 387, fri, h, h1, price='10.21'), svc(NURSE, '131111', 471, sat, '1300', '1330', price='10.21'),
                svc(ROKEN, '221131', 864, [month + '%02d' % d for d in (7, 8, 9, 10)], price='10.14')]
    mon = weekdays(month, 1)
    return [svc(HOME, '117311', 220, mon, h, '%s20' % h1[:2], price='10.21'), svc(LOCAL, '781441', 753, weekdays(month, 4), '0930', '1645', price='10.14')]


def build67(ps, svcs, month=MONTH, to=HOME, tk='11', frm=CM, fk='43', seq=SEQ, kind='use67', shorts=None, created=CREATED, **kw):
    u = Unit(kind)
    plan, use, hs = [], [], []
    for i, (p, s) in enumerate(zip(ps, svcs)):
        sh = (shorts or {}).get(i)
        a, b = use_rows(p, s, month, frm if fk in ('43', '46', 'AF') else CM, created, short=sh, **kw)
        plan += a
        use += b
        hs.append(hosoku(p, month=month, cm=frm, short=(sh[0], str(int(sh[0]) + int(sh[1]))) if sh else ('', '')))
    u.add('UPPLAN', pname('UPPLAN', month, frm, fk, to, tk, seq), plan)
    u.add('UPSIKYU', pname('UPSIKYU', month, frm, fk, to, tk, seq), use)
    u.add('UPHOSOKU', pname('UPHOSOKU', month, frm, fk, to, tk, seq), hs)
    u.people = ps
    return u


def use67(seed=1, **kw):
    rng = random.Random(seed)
    ps = [person(rng, 0, '21'), person(rng, 1, '23'), person(rng, 2, '21', h=True)]
    return build67(ps, [base_services(rng, i) for i in range(3)], shorts={1: ('3', '4')}, **kw)


def prev_services(month=MONTH):
    tue = weekdays(month, 2)
    return [svc(A2OFF, 'A22411', 287, tue, '1000', '1045', price='10.21'), svc(A2OFF, 'A24001', 200, tue[:1], '1000', '1045', price='10.21'),
            svc(A2OFF, 'A26269', 0, tue[:1], pm=270, price='10.21'),
            svc(RENT, '671010', 100, [month + '01'], tais='00003-000030', ename='歩行補助つえ')]


def prev67(seed=1):
    rng = random.Random(seed)
    ps = [person(rng, 0, '12'), person(rng, 1, '06')]
    s = [prev_services(), prev_services()[:3]]
    return build67(ps, s, to=A2OFF, tk='A2', kind='prev67')


def diem67(seed=1):
    """日割: 月の途中(11日)から。利用日は実際の日、7表の日数は1の数"""
    rng = random.Random(seed)
    p = person(rng, 0, '12')
    bits = '0' * 10 + '1' * 21
    days = [d for d in weekdays(MONTH, 2) if int(d[6:]) >= 11]
    s = [svc(A2OFF, 'A22111', 39, days, '1000', '1045', price='10.21', bitmap=bits, days=21)]
    return build67([p], [s], to=A2OFF, tk='A2', kind='diem67')


# ---------------------------------------------------------------- actuals
JM, JC, JSEQ = '202610', '20261105', '20261105101500'


def actual(seed=1, to=CM, tk='43'):
    rng = random.Random(seed)
    ps = [person(rng, 0, '21'), person(rng, 1, '23'), person(rng, 2, '21', h=True)]
    rows = []
    for i, p in enumerate(ps):
        s = [x for x in base_services(rng, i, JM) if x['off'] == HOME]
        rows += use_rows(p, s, JM, CM, JC, updated=HOME)[0]
    u = Unit('actual')
    u.add('UPJSK', pname('UPJSK', JM, HOME, '11', to, tk, JSEQ), rows)
    u.people = ps
    return u


def actual17(seed=1):
    rng = random.Random(seed)
    p = person(rng, 0, '21')
    s = [x for x in base_services(rng, 0, JM) if x['off'] == RENT]
    u = Unit('actual17')
    u.add('UPJSK', pname('UPJSK', JM, RENT, '17', CM, '43', JSEQ), use_rows(p, s, JM, CM, JC, updated=RENT)[0])
    u.people = [p]
    return u


# ---------------------------------------------------------------- prevention
CONSULT = '20261110'


def kihon_files(u, ps, frm=HOKATSU, fk='46', to=CM, tk='43', seq=SEQ):
    base, s1, s2 = [], [], []
    for i, p in enumerate(ps, 1):
        img = '_'.join(['UPKIHON', 'IMAGE', frm, fk, to, tk, seq, '%04d' % i]) + '.jpg'
        r = [''] * 71
        r[0:8] = [VERSION, p['ins'], p['no'], CONSULT, '1', '2', '試験　包子', '01']
        r[9], r[10], r[11] = '02', '20260510', '01'
        r[13:19] = [p['kana'], p['name'], p['sex'], p['birth'], '架空県架空市見本町１－２－３', '000-000-0000']
        r[20], r[21], r[22] = '12', '02', '12'
        r[23], r[24], r[25], r[26], r[27] = '20260401', '20270331', '12', '1', '20261101'
        r[28:32] = ['0', '0', '0', '0']
        r[33], r[34], r[35] = '05', '1', '2'
        r[36:40] = ['1', '0', '0', '0']
        r[40] = '年金のみ'
        r[41:45] = ['架空　長女', '架空県架空市見本町１－２－３', '000-0000-0000', '長女']
        r[45:49] = ['架空　長女', '長女', '架空県架空市見本町１－２－３', '000-0000-0000']
        r[61] = img
        r[62:69] = ['長女と二人暮らし', '会社員として定年まで勤務', '日中は庭の手入れ', '園芸、囲碁', '老人会に月1回', 'なし', '配食サービス']
        r[69], r[70] = CONSULT, p['name']
        base.append(r)
        u.blobs[img] = JPEG
        for t, a, b in (('6:00', '起床', '朝食の支度'), ('12:00', '昼食', ''), ('21:00', '就寝', '就寝')):
            s1.append([VERSION, p['ins'], p['no'], CONSULT, t, a, b])
        for t, d, f in (('H12年10月', '高血圧症', '1'), ('2023/6', '変形性膝関節症', '2')):
            s2.append([VERSION, p['ins'], p['no'], CONSULT, t, d, '架空医院　見本医師', f, '000-000-0000', '01', '内服'])
    u.add('UPKIHON', pname('UPKIHON', '', frm, fk, to, tk, seq), base)
    u.add('UPKIHON_SUB1', pname('UPKIHON_SUB1', '', frm, fk, to, tk, seq), s1)
    u.add('UPKIHON_SUB2', pname('UPKIHON_SUB2', '', frm, fk, to, tk, seq), s2)


def yobo_files(u, ps, frm=HOKATSU, fk='46', to=CM, tk='43', seq=SEQ):
    base, sub = [], []
    for p in ps:
        r = [''] * 57
        r[0:8] = [VERSION, p['ins'], p['no'], PLAN_DATE, '1', '2', '001', p['name']]
        r[8:14] = ['20260410', '20260401', '20270331', '21', '2', '1']
        r[14:21] = ['試験　包子', '試験　計子', NAMES[CM], '架空県架空市試験町４－５', '000-000-0000', '20250410', NAMES[HOKATSU]]
        r[21], r[22] = '庭の手入れを続ける', '友人と旅行に行く'
        for k in (23, 27, 31, 35):
            r[k:k + 4] = ['膝の痛みがある', '歩いて買い物に行きたい', '1', '筋力の低下']
        r[39:42] = ['血圧の変動に注意', '無理のない運動から始める', '自分でできることを増やす']
        r[42:48] = ['3', '0', '1', '0', '1', '0']
        r[48:54] = ['1', '2', '2', '2', '2', '2']
        r[54], r[55], r[56] = '適切な計画である', PLAN_DATE, p['name']
        base.append(r)
        k = [VERSION, p['ins'], p['no'], PLAN_DATE]
        sub.append(k + ['1', '下肢筋力の低下', '運動の習慣をつける', '意欲あり', '10分続けて歩ける', '1', '転倒に注意', '毎日散歩', '通所型サービス', '1', '通所型サービス', NAMES[A6OFF], '6か月'])
        sub.append(k + ['1', '', '', '', '', '1', '', '', '', '2', '訪問型サービス', NAMES[A2OFF], '6か月'])
        sub.append(k + ['1', '', '', '', '', '2', '服薬の確認', '家族の声かけ', '', '1', '訪問看護', NAMES[NURSE], '6か月'])
    u.add('UPYOBO', pname('UPYOBO', '', frm, fk, to, tk, seq), base)
    u.add('UPYOBO_SUB', pname('UPYOBO_SUB', '', frm, fk, to, tk, seq), sub)


def kihon(seed=1, **kw):
    rng = random.Random(seed)
    u = Unit('kihon')
    u.people = [person(rng, 0, '12'), person(rng, 1, '12')]
    kihon_files(u, u.people, **kw)
    return u


def yobo(seed=1, **kw):
    rng = random.Random(seed)
    u = Unit('yobo')
    u.people = [person(rng, 0, '12'), person(rng, 1, '12')]
    yobo_files(u, u.people, **kw)
    return u


def yobokihon(seed=1, **kw):
    rng = random.Random(seed)
    u = Unit('yobokihon')
    u.people = [person(rng, 0, '12'), person(rng, 1, '12')]
    yobo_files(u, u.people, **kw)
    kihon_files(u, u.people, **kw)
    return u


# ---------------------------------------------------------------- deletions
def deletion(kind, seed=1):
    rng = random.Random(seed)
    u = Unit(kind.lower())
    ps = u.people = [person(rng, 0, '21'), person(rng, 1, '23')]
    last = {'DLT1KYO': [PLAN_DATE], 'DLTPLAN': [MONTH], 'DLTJSK': [JM, HOME, '11'], 'DLTKIHON': [CONSULT], 'DLTYOBO': [PLAN_DATE]}[kind]
    rows = [[VERSION, p['ins'], p['no']] + last for p in ps]
    if kind == 'DLTJSK':
        name = pname(kind, JM, HOME, '11', CM, '43', JSEQ)
    elif kind in ('DLTKIHON', 'DLTYOBO'):
        name = pname(kind, '', HOKATSU, '46', CM, '43', SEQ)
    else:
        name = pname(kind, MONTH if kind == 'DLTPLAN' else '', CM, '43', HOME, '11', SEQ)
    u.add(kind, name, rows)
    return u


# ---------------------------------------------------------------- V3 (202208)
V3DROP = {'UPPLAN': (16, 17, 18), 'UPSIKYU': (10, 11, 12)}


def to_v3(u, month=None):
    """Turn a 6/7 or actual unit into 第3版 (202208): 22/34 columns, names without kinds."""
    for f in u.files:
        drop = V3DROP.get(f.kind) or V3DROP['UPPLAN'] if f.kind in ('UPPLAN', 'UPJSK', 'UPSIKYU') else ()
        for r in f.rows:
            r[0] = '202208'
        f.rows = [[c for i, c in enumerate(r, 1) if i not in drop] for r in f.rows]
        f.free = FREE3[f.kind]
        if f.rows:
            assert len(f.rows[0]) == len(f.free), (f.kind, len(f.rows[0]), len(f.free))
        parts = f.name[:-4].split('_')
        head = 2 if f.kind in ('UPPLAN', 'UPSIKYU', 'UPHOSOKU', 'UPJSK') else 1
        f.name = '_'.join(parts[:head] + [parts[head], parts[head + 2], parts[head + 4]]) + '.CSV'
    u.kind += '-v3'
    return u


BUILDERS = {'plan123': plan123, 'use67': use67, 'prev67': prev67, 'diem67': diem67, 'actual': actual, 'actual17': actual17,
            'kihon': kihon, 'yobo': yobo, 'yobokihon': yobokihon,
            **{k.lower(): (lambda seed=1, k=k: deletion(k, seed)) for k in ('DLT1KYO', 'DLTPLAN', 'DLTJSK', 'DLTKIHON', 'DLTYOBO')}}


def main():
    out, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for name, fn in BUILDERS.items():
        fn(seed).write(os.path.join(out, name))


if __name__ == '__main__':
    main()
