#!/usr/bin/env python3
"""Defective exports: each one edit of a right unit, with labels written before any run.

usage: defects.py OUTDIR       writes OUTDIR/ID/ for each, and OUTDIR/labels.tsv, OUTDIR/legal.tsv
at:  KIND:item  (alternatives by ';', '*' = any item of that file / any file of the unit)
sev: E = the standard states it, an error; W = at least a warning; I = at least an information
many: 1 = one cause that would show at many places (report should name the cause, at most 5 visible)
"""
import os, random, re, sys
import exporter as X
from exporter import *      # noqa

DEFECTS, LEGAL = [], []


def d(slug, base, at, sev, clause, what, fn, many=0):
    n = sum(1 for x in DEFECTS) + 1
    DEFECTS.append({'id': 'D%03d-%s' % (n, slug), 'base': base, 'at': at, 'sev': sev, 'clause': clause, 'what': what, 'fn': fn, 'many': many})


# ------------------------------------------------------------ helpers
def c(kind, rec, no, val):
    """set one cell; rec an index or a function of the file"""
    def fn(u):
        f = u.get(kind)
        i = rec(f) if callable(rec) else rec
        f.set(i, no, val(f.get(i, no)) if callable(val) else val)
    return fn


def every(kind, no, fnv):
    return lambda u: u.get(kind).all(no, fnv if callable(fnv) else (lambda _v: fnv))


def code(cd, nth=0, no=15):
    def fn(f):
        hits = [i for i, r in enumerate(f.rows) if r[no - 1] == cd]
        return hits[nth]
    return fn


def S(cd, nth=0):
    return code(cd, nth, 9)


def post(kind, fn):
    return lambda u: u.get(kind).post.append(fn)


def tpost(kind, fn):
    return lambda u: u.get(kind).text_post.append(fn)


def enc(kind, encoder):
    def fn(u):
        for f in u.files:
            if kind in ('*', f.kind):
                f.encoder = encoder
    return fn


def rename(kind, fn):
    def g(u):
        f = u.get(kind)
        f.name = fn(f.name)
    return g


def rename_all(fn):
    def g(u):
        for f in u.files:
            f.name = fn(f.name)
        u.blobs = {fn(k): v for k, v in u.blobs.items()}
    return g


def allfiles(no, fnv):
    def g(u):
        for f in u.files:
            f.all(no, fnv if callable(fnv) else (lambda _v: fnv))
    return g


def seqfn(*fns):
    def g(u):
        for f in fns:
            f(u)
    return g


def drop_rows(kind, pred):
    def g(u):
        f = u.get(kind)
        f.rows = [r for i, r in enumerate(f.rows) if not pred(i, r)]
    return g


def dup_row(kind, rec, edit=None):
    def g(u):
        f = u.get(kind)
        i = rec(f) if callable(rec) else rec
        r = list(f.rows[i])
        if edit:
            edit(r)
        f.rows.insert(i + 1, r)
    return g


def cols(kind, fn):
    """fn(row)->row for every row; free flags follow when fn is given indices via marker"""
    def g(u):
        f = u.get(kind)
        mark = fn([('q' if x else 'n') for x in f.free])
        f.free = [m == 'q' for m in mark]
        f.rows = [fn(list(r)) for r in f.rows]
    return g


def swap(a, b):
    def fn(r):
        r[a - 1], r[b - 1] = r[b - 1], r[a - 1]
        return r
    return fn


def ins(no, val=''):
    return lambda r: r[:no - 1] + [val if r[0] not in ('q', 'n') else 'n'] + r[no - 1:]


def cut(no):
    return lambda r: r[:no - 1] + r[no:]


def strip0(v):
    return v.lstrip('0') if v.isdigit() and v.strip('0') else v


def addfile(kind, name, rows):
    return lambda u: u.add(kind, name, rows)


def merge(other, kinds=None):
    """files of another unit put into this one"""
    def g(u):
        o = X.BUILDERS[other](1)
        for f in o.files:
            if kinds is None or f.kind in kinds:
                u.files.append(f)
        u.blobs.update(o.blobs if kinds is None else {})
    return g


def fullwidth(v):
    return ''.join(chr(ord(ch) + 0xFEE0) if '!' <= ch <= '~' else ch for ch in v)


def sjis_or_q(t):
    return t.encode('cp932', 'replace')


# =============================================================== A encodings, characters
d('utf8-one', 'use67', 'UPPLAN:*', 'E', 'F01 F02', '6表だけがUTF-8(BOMなし)で保存されている', enc('UPPLAN', lambda t: t.encode('utf-8')), 1)
d('utf8bom-hosoku', 'use67', 'UPHOSOKU:*', 'E', 'F02', '利用者補足がUTF-8(BOMあり)', enc('UPHOSOKU', lambda t: t.encode('utf-8-sig')), 1)
d('utf8bom-all', 'plan123', 'UP1KYO:*', 'E', 'F02', '1～3表と補足がすべてUTF-8(BOMあり)', enc('*', lambda t: t.encode('utf-8-sig')), 1)
d('utf16', 'use67', 'UPSIKYU:*', 'E', 'F01', '7表がUTF-16LE(BOMあり: ExcelのUnicodeテキスト)', enc('UPSIKYU', lambda t: t.encode('utf-16')), 1)
d('eucjp', 'plan123', 'UP2KYO:*', 'E', 'F01', '2表がEUC-JP', enc('UP2KYO', lambda t: t.encode('euc_jp', 'replace')), 1)
d('jis', 'actual', 'UPJSK:*', 'E', 'F01', '実績がISO-2022-JP', enc('UPJSK', lambda t: t.encode('iso2022_jp', 'replace')), 1)
d('gaiji', 'use67', 'UPHOSOKU:6', 'E', 'F01', '氏名の1文字が外字(F040)', lambda u: post('UPHOSOKU', lambda b: b.replace(('"' + u.people[0]['name']).encode('cp932'), b'"\xf0\x40' + u.people[0]['name'][1:].encode('cp932'), 1))(u))
d('byte80', 'plan123', 'UP1KYO:*', 'E', 'F01', '1表の自由記述に未定義バイト80が混じる', post('UP1KYO', lambda b: b.replace('特になし'.encode('cp932'), '特に'.encode('cp932') + b'\x80' + 'なし'.encode('cp932'), 1)))
d('byteFD', 'plan123', 'UP2KYO:*', 'E', 'F01', '2表の自由記述に未定義バイトFDが混じる', post('UP2KYO', lambda b: b.replace('散歩'.encode('cp932'), b'\xfd' + '散歩'.encode('cp932'), 1)))
d('halfcut', 'plan123', 'UP2KYO:*', 'E', 'F01 F04', '文字の途中のバイトで切られ、先行バイトだけが引用符の前に残る', post('UP2KYO', lambda b: b.replace('家族との散歩"'.encode('cp932'), '家族との散'.encode('cp932') + '歩'.encode('cp932')[:1] + b'"', 1)))
d('halfcut-all', 'plan123', 'UP1KYO:*', 'E', 'F01 F04', '方針の文が全員分バイト数で切られ、先行バイトだけが残る', post('UP1KYO', lambda b: b.replace('連絡する。"'.encode('cp932'), '連絡する'.encode('cp932') + b'\x81"')), 1)
d('question-name', 'use67', 'UPHOSOKU:6', 'W', 'F01 (realworld 10)', 'MS932に無い漢字(𠮷)が?に化けて氏名が「?田　太郎」', c('UPHOSOKU', 0, 6, '?田　太郎'))
d('geta-name', 'use67', 'UPHOSOKU:6', 'I', 'realworld 10', '外字が〓に置き換わった氏名「〓田　太郎」', c('UPHOSOKU', 0, 6, '〓田　太郎'))
d('black-name', 'kihon', 'UPKIHON:15', 'I', 'realworld 10', '旧漢字が■に置き換わった氏名「■田　太郎」', c('UPKIHON', 0, 15, '■田　太郎'))
d('mojibake', 'plan123', 'UP1KYO:8', 'I', 'realworld 10', '作成者氏名がUTF-8をSJISとして読んだ文字化けのまま(「譫ｶ遨ｺ」)', c('UP1KYO', 0, 8, '架空　計子'.encode('utf-8').decode('cp932', 'ignore')))
d('entity', 'use67', 'UPHOSOKU:6', 'I', 'realworld 10', 'MS932に無い字がHTMLの文字参照(&#134071;田)で残る', c('UPHOSOKU', 0, 6, '&#134071;田　太郎'))
d('nul', 'plan123', 'UP1KYO:*', 'W', 'F01', '自由記述の中にNULバイト(固定長の残り)', post('UP1KYO', lambda b: b.replace('特になし'.encode('cp932'), '特になし'.encode('cp932') + b'\0\0\0', 1)))
d('roman-T', 'use67', 'UPPLAN:*;UPPLAN:21;UPPLAN:18', 'I', 'F8 facts', 'ローマ数字ⅡがUに、ⅠがTに化けた名称「見本リハT（2階）」', c('UPPLAN', code('171001'), 18, '車いすT型・特殊寝台U'))
d('mixed-utf8-cell', 'use67', 'UPHOSOKU:10', 'E', 'F01', '住所の項目だけUTF-8のバイト列(連結した別システムの値)', post('UPHOSOKU', lambda b: b.replace('架空県架空市見本町１－２－３'.encode('cp932'), '架空県架空市㐂町'.encode('utf-8'), 1)))
d('nbsp-A0', 'use67', 'UPHOSOKU:6', 'E', 'F01', '氏名の空白がA0(NBSP)のまま1バイトで出ている', post('UPHOSOKU', lambda b: b.replace('　'.encode('cp932') , b'\xa0')), 1)

# =============================================================== B delimiters, quoting, columns
d('tab', 'use67', 'UPPLAN:*', 'E', 'F03', 'タブ区切り', lambda u: setattr(u.get('UPPLAN'), 'sep', '\t'), 1)
d('semicolon', 'use67', 'UPSIKYU:*', 'E', 'F03', 'セミコロン区切り', lambda u: setattr(u.get('UPSIKYU'), 'sep', ';'), 1)
d('zenkaku-comma', 'dltplan', 'DLTPLAN:*', 'E', 'F03', '全角カンマ区切り', lambda u: setattr(u.get('DLTPLAN'), 'sep', '，'), 1)
d('inner-quote', 'plan123', 'UP1KYO:*', 'E', 'F04', '自由記述の中の二重引用符が重ねられていない', tpost('UP1KYO', lambda t: t.replace('"特になし"', '"特に"急変"なし,注意"', 1)))
d('unquoted-comma', 'plan123', 'UP2KYO:*', 'E', 'F04 F10', '引用符なしの自由記述に半角カンマがあり列が増える(1行)', tpost('UP2KYO', lambda t: t.replace('"掃除・洗濯"', '掃除,洗濯', 1)))
d('unquoted-newline', 'plan123', 'UP1KYO:*', 'E', 'F04 F10', '引用符なしの自由記述に改行があり行が割れる', tpost('UP1KYO', lambda t: t.replace('"', '')), 1)
d('no-quotes', 'use67', 'UPHOSOKU:*', 'W', 'F04', '表計算で開いて保存し引用符がすべて消えた(読める)', lambda u: setattr(u.get('UPHOSOKU'), 'quote', 'none'), 1)
d('single-quotes', 'use67', 'UPHOSOKU:*', 'W', 'F04', '自由記述が一重引用符で囲まれている', tpost('UPHOSOKU', lambda t: t.replace('"', "'")), 1)
d('header', 'use67', 'UPPLAN:*', 'I', 'F05 (realworld 22)', '先頭に項目名の見出し行がある', lambda u: u.get('UPPLAN').rows.insert(0, [x['name_ja'] for x in LAYOUT['UPPLAN']]))
d('trailing-comma', 'use67', 'UPPLAN:*', 'E', 'F10', '各行の末尾に余分なカンマ(26列)', lambda u: u.get('UPPLAN').text_post.append(lambda t: t.replace('\r\n', ',\r\n')), 1)
d('no-identifier', 'use67', 'UPPLAN:*', 'E', 'F10', '末尾の識別子の列が無い(24列)', cols('UPPLAN', cut(25)), 1)
d('extra-col-7', 'use67', 'UPSIKYU:*', 'E', 'F10', '7表に1列多い(38列、35の後に空の列)', cols('UPSIKYU', ins(36)), 1)
d('drop-col-mid', 'use67', 'UPSIKYU:*', 'E', 'F10', '7表のサテライト枝番の列が抜けて36列', cols('UPSIKYU', cut(8)), 1)
d('shift-keepcount', 'use67', 'UPPLAN:*', 'E', 'F19 F21', '8に空列が入り最後が落ちた(25列のまま8以降が1つ右へずれる)', cols('UPPLAN', lambda r: r[:7] + [r[7] if r[0] in ('q', 'n') else ''] + r[7:-1]), 1)
d('shift-left', 'use67', 'UPSIKYU:*', 'E', 'F18 F21', '7表のサテライト枝番が抜け末尾に空が足された(37列のまま左へずれる)', cols('UPSIKYU', lambda r: r[:7] + r[8:] + ([''] if r[0] not in ('q', 'n') else ['n'])), 1)
d('swap-ins', 'use67', 'UPPLAN:2;UPPLAN:3;UPPLAN:*', 'E', 'F19 F21', '保険者番号と被保険者番号の列が全行で逆', cols('UPPLAN', swap(2, 3)), 1)
d('swap-times', 'use67', 'UPPLAN:12;UPPLAN:13', 'W', 'R03', '開始時刻と終了時刻の列が全行で逆', cols('UPPLAN', swap(12, 13)), 1)
d('swap-kana', 'use67', 'UPHOSOKU:5;UPHOSOKU:6', 'I', 'items 5, 6', 'フリガナと氏名の列が全員分逆', cols('UPHOSOKU', swap(5, 6)), 1)
d('swap-sex-birth', 'use67', 'UPHOSOKU:7;UPHOSOKU:8', 'E', 'F19 F20 F21', '性別と生年月日の列が逆', cols('UPHOSOKU', swap(7, 8)), 1)
d('swap-tais', 'use67', 'UPSIKYU:9;UPSIKYU:10;UPSIKYU:*', 'E', 'F19', '7表でサービスコードとTAISコードの列が全行で逆', cols('UPSIKYU', swap(9, 10)), 1)
d('swap-code-office', 'use67', 'UPSIKYU:7;UPSIKYU:9;UPSIKYU:*', 'E', 'F14 F19', '7表の事業所コードとサービスコードの列が逆', cols('UPSIKYU', swap(7, 9)), 1)
d('v3-layout-plan', 'use67', 'UPPLAN:*', 'E', 'F10', '6表が第3版の22列(用具3項目なし)なのに4.1の名前と202407', cols('UPPLAN', lambda r: r[:15] + r[18:]), 1)
d('v3-layout-sikyu', 'use67', 'UPSIKYU:*', 'E', 'F10', '7表が第3版の34列なのに202407', cols('UPSIKYU', lambda r: r[:9] + r[12:]), 1)
d('hosoku62', 'use67', 'UPHOSOKU:*', 'E', 'F10', '補足の最後の対象年月が無い(62列)', cols('UPHOSOKU', cut(63)), 1)


def daygrid(u):
    f = u.get('UPPLAN')
    rows, seen = [], {}
    for r in f.rows:
        k = (r[2], r[14], r[18])
        if k not in seen:
            seen[k] = r[:8] + [r[11], r[12], r[14], r[19], r[20]] + [''] * 31 + [r[23], '', '', '', '']
            rows.append(seen[k])
        seen[k][13 + int(r[9][6:]) - 1] = '1'
    f.rows, f.free = rows, [False] * 49


d('daygrid', 'use67', 'UPPLAN:*', 'E', 'F10 (facts F9)', '6表が1行に31日を並べた独自の49列', daygrid, 1)
d('blank-lines', 'use67', 'UPPLAN:*', 'I', 'F05 F10', '行と行の間に空行', tpost('UPPLAN', lambda t: t.replace('\r\n', '\r\n\r\n')), 1)
d('truncated', 'use67', 'UPPLAN:*', 'E', 'F10 F04', '転送が切れ最後の行が途中で終わる', post('UPPLAN', lambda b: b[:-70]))
d('concat', 'use67', 'UPPLAN:*', 'E', 'F10', '6表のファイルの後ろに7表の行が続けて書かれている', post('UPPLAN', lambda b: b + X.use67(1).get('UPSIKYU').data()), 1)
d('empty-sikyu', 'use67', 'UPSIKYU:*;UPPLAN:*', 'W', 'F05 K03 R20', '7表が0バイト', post('UPSIKYU', lambda b: b''))
d('empty-plan', 'use67', 'UPPLAN:*;UPSIKYU:*;UPHOSOKU:*', 'W', 'F05 K03 K04', '6表が0バイト(7表と補足の親が無い)', post('UPPLAN', lambda b: b''), 1)
d('padded', 'use67', 'UPPLAN:8', 'E', 'F19 F21', '単位数が空白で固定長(「   387」)に詰められている全行', every('UPPLAN', 8, lambda v: v.rjust(6)), 1)
d('padded-insured', 'use67', 'UPHOSOKU:3', 'E', 'F19', '被保険者番号の後ろに空白', every('UPHOSOKU', 3, lambda v: v + '  '), 1)
d('quote-open', 'plan123', 'UP3KYO:*', 'E', 'F04', '最後の行の引用符が閉じていない', tpost('UP3KYO', lambda t: t[:-3] + '\r\n'))
d('wrong-content-xlsx', 'use67', 'UPSIKYU:*', 'E', 'F01 F10', '7表がExcelブック(ZIP)を.CSVに改名したもの', post('UPSIKYU', lambda b: b'PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00' + bytes(range(256)) * 4), 1)
d('html', 'actual', 'UPJSK:*', 'E', 'F10', '実績がログイン画面のHTMLになっている(ダウンロード失敗)', post('UPJSK', lambda b: '<!DOCTYPE html>\r\n<html lang="ja">\r\n<head><title>ログイン</title></head>\r\n<body><form action="/login" method="post">\r\n<input name="id"></form></body></html>\r\n'.encode('cp932')), 1)
d('product-list', 'plan123', 'UP1KYO:*', 'E', 'F10 (facts F9)', '1表が製品独自の一覧CSV(見出しつき13列、要介護３の全角)', post('UP1KYO', lambda b: '利用者番号,利用者名,フリガナ,保険者名,要介護度,作成日,作成者,意向,意見,方針,算定理由,備考,更新日\r\n1,架空　太郎,カクウ　タロウ,架空市,要介護３,令和8年11月15日,試験　計子,在宅希望,なし,転倒予防,独居,,2026/11/15\r\n'.encode('cp932')), 1)

# =============================================================== C spreadsheet re-saves
d('zeros-lost', 'use67', 'UPHOSOKU:3', 'E', 'F21 (realworld 5)', '表計算で保存し補足の被保険者番号の先頭の0が落ちた', every('UPHOSOKU', 3, strip0), 1)
d('zeros-lost-plan', 'use67', 'UPPLAN:3', 'E', 'F21', '表計算で保存し6表の被保険者番号の先頭の0が全行で落ちた', every('UPPLAN', 3, strip0), 1)
d('zeros-lost-all', 'plan123', 'UP1KYO:3;UP2KYO:3;UP3KYO:3;UPHOSOKU:3', 'E', 'F21', '4ファイルとも被保険者番号の先頭の0が落ちた', allfiles(3, strip0), 1)
d('time-zero', 'use67', 'UPPLAN:12', 'E', 'F21 R02', '開始時刻の先頭の0が落ち930になった全行', every('UPPLAN', 12, strip0), 1)
d('date-slash', 'use67', 'UPPLAN:10', 'E', 'F19 F21', '利用日が2026/12/1の形に変わった全行', every('UPPLAN', 10, lambda v: '%d/%d/%d' % (int(v[:4]), int(v[4:6]), int(v[6:]))), 1)
d('date-hyphen', 'plan123', 'UP1KYO:14;UP1KYO:*', 'E', 'F19 F21', '計画作成日が2026-11-15の形(1表だけ)', every('UP1KYO', 14, lambda v: v[:4] + '-' + v[4:6] + '-' + v[6:]), 1)
d('exp-insured', 'use67', 'UPSIKYU:3', 'E', 'F21', '被保険者番号が3.14E+07に化けた(7表全行)', every('UPSIKYU', 3, lambda v: '%.2E' % int(v) if v.isdigit() else v), 1)
d('exp-office', 'use67', 'UPPLAN:20', 'E', 'F14', '事業所番号が4.779E+09に化けた全行', every('UPPLAN', 20, lambda v: '%.3E' % int(v)), 1)
d('exp-bitmap', 'diem67', 'UPPLAN:11', 'E', 'R05 (realworld 15)', '日割対象日が1.11E+20に化けた', every('UPPLAN', 11, '1.11E+20'), 1)
d('bitmap-zeros', 'diem67', 'UPPLAN:11', 'E', 'R05', '日割対象日の先頭の0が落ち21桁になった', every('UPPLAN', 11, strip0), 1)
d('thousands', 'use67', 'UPSIKYU:24', 'E', 'F21', '費用総額に桁区切り("35,561")', lambda u: (every('UPSIKYU', 24, lambda v: '{:,}'.format(int(v)) if v else v)(u), setattr(u.get('UPSIKYU'), 'free', [i in (5, 11, 23) for i in range(37)])), 1)
d('decimal-units', 'use67', 'UPPLAN:8', 'E', 'F21', '単位数が387.0の小数になった全行', every('UPPLAN', 8, lambda v: v + '.0'), 1)
d('na', 'use67', 'UPSIKYU:22', 'E', 'F21', '区分支給限度基準内単位数に#N/A', c('UPSIKYU', S('117311'), 22, '#N/A'))
d('null', 'use67', 'UPHOSOKU:*', 'E', 'F21 F20', '空の任意項目にNULLの文字が全列に入る', lambda u: [r.__setitem__(i, 'NULL') for r in u.get('UPHOSOKU').rows for i, v in enumerate(r) if v == '' and i != 61], 1)
d('formula', 'use67', 'UPHOSOKU:3', 'E', 'F21', '被保険者番号が表計算の式 ="0012345678" の形', every('UPHOSOKU', 3, lambda v: '="' + v + '"'), 1)
d('code-zero', 'kihon', 'UPKIHON:8;UPKIHON:*', 'E', 'F20', '相談方法01が1に(先頭の0が落ちた)', every('UPKIHON', 8, strip0))
d('price-int', 'use67', 'UPSIKYU:23', 'W', 'R24', '単位数単価10.00が10に(表計算)', every('UPSIKYU', 23, lambda v: v.rstrip('0').rstrip('.') if v else v), 1)
d('branch-date', 'use67', 'UPHOSOKU:9', 'E', 'F21', '郵便番号が900-1から日付(1900/1/1)に化けた', c('UPHOSOKU', 0, 9, '1900/1/1'))
d('disc-date', 'use67', 'UPPLAN:16', 'W', 'R09', 'TAISコードのハイフンが落ち数になった(1000010)', c('UPPLAN', code('171007'), 16, '1000010'))
d('true-false', 'kihon', 'UPKIHON:29', 'E', 'F20', '障害等認定がTRUE/FALSE', every('UPKIHON', 29, 'FALSE'))

# =============================================================== D file names
d('name-copy', 'use67', '*:*', 'E', 'F13', '6表の名前に「 (1)」', rename('UPPLAN', lambda n: n.replace('.CSV', ' (1).CSV')))
d('name-copy-jp', 'use67', '*:*', 'E', 'F13', '7表の名前が「コピー ～ UPSIKYU…」', rename('UPSIKYU', lambda n: 'コピー ～ ' + n))
d('name-lower', 'use67', 'UPPLAN:*', 'W', 'F13', '拡張子が小文字.csv(全ファイル)', rename_all(lambda n: n.replace('.CSV', '.csv')), 1)
d('name-kind3', 'use67', 'UPPLAN:*;*:*', 'E', 'F13 F08', '名前の種類コードが3桁(V4.0)', rename_all(lambda n: n.replace('_43_', '_430_').replace('_11_', '_110_')), 1)
d('name-v3', 'use67', 'UPPLAN:*', 'E', 'F13', '内容は202407だが名前が第3版(種類コードなし)', rename_all(lambda n: n.replace('_43_', '_').replace('_11_', '_')), 1)
d('name-noreceiver', 'actual', 'UPJSK:*', 'E', 'F13 (facts F9)', '送信先の番号と種類が空(UPJSK_202610_…_11___…)', rename('UPJSK', lambda n: n.replace(CM + '_43', '_')))
d('name-9digits', 'dltplan', 'DLTPLAN:*', 'E', 'F14', '名前の事業所番号が9桁', rename('DLTPLAN', lambda n: n.replace(HOME, HOME[:9])))
d('name-badtime', 'actual', 'UPJSK:*', 'E', 'F17', '名前の14桁が実在しない日時(20261332…)', rename('UPJSK', lambda n: n.replace(JSEQ, '20261332101500')))
d('name-25h', 'dlt1kyo', 'DLT1KYO:*', 'E', 'F17', '名前の14桁の時刻が25時', rename('DLT1KYO', lambda n: n.replace(SEQ, '20261125253015')))
d('name-12digits', 'actual', 'UPJSK:*', 'E', 'F17 F13', '名前の日時が秒なしの12桁', rename('UPJSK', lambda n: n.replace(JSEQ, JSEQ[:12])))
d('name-kihon000000', 'kihon', 'UPKIHON:*;*:*', 'W', 'F13', 'UPKIHON_000000_…の形(本文の例の形)', rename('UPKIHON', lambda n: n.replace('UPKIHON_', 'UPKIHON_000000_')))
d('name-hyphen', 'actual', 'UPJSK:*', 'E', 'F13', '名前の区切りがハイフン', rename('UPJSK', lambda n: n.replace('_', '-')))
d('name-zenkaku', 'dltplan', 'DLTPLAN:*', 'E', 'F13', '名前の英数が全角', rename('DLTPLAN', lambda n: fullwidth(n[:-4]) + '.CSV'))
d('name-txt', 'dltjsk', 'DLTJSK:*', 'E', 'F13', '名前が.CSV.txt', rename('DLTJSK', lambda n: n + '.txt'))
d('name-month', 'use67', 'UPPLAN:5;UPPLAN:*', 'E', 'F11', '6表の名前の月が202611、内容は202612', rename('UPPLAN', lambda n: n.replace('_202612_', '_202611_')), 1)
d('name-month13', 'actual', 'UPJSK:*', 'E', 'F13 F21', '名前の月が202613', rename('UPJSK', lambda n: n.replace('_202610_', '_202613_')), 1)
d('name-kind', 'kihon', '*:*', 'E', 'F13', 'UPKHONという種別(綴り誤り)', rename('UPKIHON', lambda n: n.replace('UPKIHON', 'UPKHON')))
d('name-same', 'use67', 'UPPLAN:*', 'W', 'F15', '送信元と送信先が同じ番号', rename_all(lambda n: n.replace(HOME, CM)), 1)
d('name-direction', 'use67', 'UPPLAN:*;*:*', 'W', 'filenames direction, P02', '6・7表・補足の送信元と送信先が逆(訪問介護→居宅)', rename_all(lambda n: n.replace(CM + '_43_' + HOME + '_11', HOME + '_11_' + CM + '_43')), 1)
d('name-swapkind', 'actual', 'UPJSK:*', 'I', 'C5 open-questions', '実績の種類が43→11のまま入れ替わっていない', rename('UPJSK', lambda n: n.replace('_11_', '_@_').replace('_43_', '_11_').replace('_@_', '_43_')))
d('name-hos000000', 'use67', 'UPHOSOKU:*;UPHOSOKU:63', 'E', 'F11 K04 2.4', '6・7表につく補足の名前が000000', rename('UPHOSOKU', lambda n: n.replace('_202612_', '_000000_')), 1)
d('name-hosmonth', 'plan123', 'UPHOSOKU:*;UPHOSOKU:63', 'E', 'K02 2.4', '1～3表につく補足の名前が202612', rename('UPHOSOKU', lambda n: n.replace('_000000_', '_202612_')), 1)
d('name-seq', 'use67', '*:*', 'E', 'B02', '補足だけ連番が1秒違う(組にならない)', rename('UPHOSOKU', lambda n: n.replace(SEQ, '20261125093016')))
d('name-sub1seq', 'kihon', '*:*', 'E', 'B06', '別表1の連番が親と違う', rename('UPKIHON_SUB1', lambda n: n.replace(SEQ, '20261125093115')))
d('name-sub2office', 'kihon', '*:*', 'E', 'B06', '別表2の名前の送信先が親と違う', rename('UPKIHON_SUB2', lambda n: n.replace(CM, CM2)))
d('name-unknownkind', 'use67', 'UPPLAN:*', 'W', 'F16', '送信先の種類が99', rename_all(lambda n: n.replace('_11_', '_99_')), 1)
d('name-case', 'dlt1kyo', 'DLT1KYO:*', 'E', 'F13', '名前がDlt1Kyo', rename('DLT1KYO', lambda n: n.replace('DLT1KYO', 'Dlt1Kyo')))
d('name-exchanged', 'use67', 'UPPLAN:*;UPSIKYU:*', 'E', 'F10', '6表と7表の名前が逆についている', lambda u: _exchange(u), 1)
d('name-cd', 'use67', 'UPPLAN:*', 'W', 'F14', '名前の送信先番号の検証番号が違う(末尾+1)', rename_all(lambda n: n.replace(HOME, HOME[:9] + str((int(HOME[9]) + 1) % 10))), 1)
d('name-pref48', 'dltplan', 'DLTPLAN:*', 'W', 'F14', '名前の送信先番号の都道府県が48', rename('DLTPLAN', lambda n: n.replace(HOME, office('487900021'))))
d('name-letterO', 'actual', 'UPJSK:*', 'E', 'F14', '名前の送信元番号に英字O(47790O0217)', rename('UPJSK', lambda n: n.replace(HOME, HOME[:5] + 'O' + HOME[6:])))
d('name-wrongreceiver', 'use67', 'UPPLAN:*;UPPLAN:20', 'W', 'P02 P03', '送信先が別の訪問介護事業所(6表にその事業所の行が無い)', rename_all(lambda n: n.replace(HOME, HOME2)), 1)
d('name-wrongkind', 'use67', 'UPPLAN:*', 'W', 'P02', '送信先の種類が16だが6表にその事業所の16の行が無い', rename_all(lambda n: n.replace(HOME + '_11', HOME + '_16')), 1)
d('name-sup-mismatch', 'use67', '*:*', 'E', 'B02', '補足だけ送信先の番号が別の事業所', rename('UPHOSOKU', lambda n: n.replace(HOME, HOME2)))
d('image-digits', 'kihon', '*:*', 'E', 'filenames IMAGE, R42', '画像の枝番が3桁(_001.jpg)', lambda u: u.blobs.update({k.replace('_0001.jpg', '_001.jpg'): u.blobs.pop(k) for k in list(u.blobs) if k.endswith('_0001.jpg')}))
d('image-jpeg', 'kihon', '*:*', 'E', 'filenames IMAGE, R42', '画像の拡張子が.jpeg', lambda u: u.blobs.update({k.replace('_0001.jpg', '_0001.jpeg'): u.blobs.pop(k) for k in list(u.blobs) if k.endswith('_0001.jpg')}))
d('stray-pdf', 'use67', '*:*', 'I', 'F13', '同じ所に「ケアプラン第１表.pdf」が入っている', lambda u: u.blobs.update({'ケアプラン第１表.pdf': b'%PDF-1.4\n%%EOF\n'}))


def _exchange(u):
    a, b = u.get('UPPLAN'), u.get('UPSIKYU')
    a.name, b.name = b.name, a.name


# =============================================================== E versions
d('v202410', 'use67', 'UPPLAN:1', 'E', 'F07 F08', '全ファイルのCSVバージョンが202410(公表月)', allfiles(1, '202410'), 1)
d('v202504', 'plan123', 'UP1KYO:1', 'W', 'F07 F08', '全ファイルのCSVバージョンが202504(V4.0)', allfiles(1, '202504'), 1)
d('v202404', 'kihon', 'UPKIHON:1', 'E', 'F07 F08', 'CSVバージョンが202404(例の値)', allfiles(1, '202404'), 1)
d('v202201', 'actual', 'UPJSK:1', 'E', 'F07 F08', '実績のCSVバージョンが202201', allfiles(1, '202201'), 1)
d('v201910', 'plan123', 'UP2KYO:1', 'W', 'F07', '2表だけCSVバージョンが201910', every('UP2KYO', 1, '201910'), 1)
d('v-mixed', 'use67', 'UPPLAN:1', 'E', 'F06', '6表の途中の1人分だけ202208', lambda u: [r.__setitem__(0, '202208') for r in u.get('UPPLAN').rows if r[2] == u.people[1]['no']], 1)
d('v202208-content', 'use67', 'UPPLAN:1;UPPLAN:*', 'W', 'F07 F09', '中身は4.1の列でCSVバージョンだけ202208(月は202612)', allfiles(1, '202208'), 1)
d('v-text', 'dlt1kyo', 'DLT1KYO:1', 'E', 'F19 F21', 'CSVバージョンがV4.1', allfiles(1, 'V4.1'))
d('v-empty', 'use67', 'UPHOSOKU:1', 'E', 'F18', '補足のCSVバージョンが空', every('UPHOSOKU', 1, ''), 1)
d('v-zenkaku', 'actual', 'UPJSK:1', 'E', 'F21', 'CSVバージョンが全角', every('UPJSK', 1, '２０２４０７'), 1)
d('v3-unit', 'use67', 'UPPLAN:1;UPPLAN:*;*:*', 'W', 'F07 F09', '第3版(202208、22/34列、旧名)の一式で月が202612', X.to_v3, 1)
d('v3-actual', 'actual', 'UPJSK:1;UPJSK:*', 'W', 'F07 F09', '第3版の実績で月が202610', X.to_v3, 1)
d('v41-old', 'actual', 'UPJSK:1;UPJSK:*;UPJSK:5', 'W', 'F09', '202407で月が202503(旧月は202208)', seqfn(rename('UPJSK', lambda n: n.replace('_202610_', '_202503_')), every('UPJSK', 5, '202503'), every('UPJSK', 10, lambda v: '202503' + v[6:])), 1)

# =============================================================== F people, identity
d('insured-9', 'use67', 'UPHOSOKU:3;UPPLAN:3', 'E', 'F21', '1人の被保険者番号が6表の1行だけ9桁', c('UPPLAN', 3, 3, lambda v: v[:9]))
d('insured-zen', 'plan123', 'UP1KYO:3', 'E', 'F19 F21', '1人の被保険者番号が全角(1表)', c('UP1KYO', 0, 3, fullwidth))
d('insured-h8', 'use67', 'UPHOSOKU:3', 'E', 'P06', '生保単独がHと8桁(補足)', c('UPHOSOKU', 2, 3, lambda v: v[:9]))
d('insured-lowerh', 'use67', 'UPHOSOKU:3', 'E', 'P06', '生保単独のhが小文字(補足)', c('UPHOSOKU', 2, 3, lambda v: v.lower()))
d('insured-A', 'dltplan', 'DLTPLAN:3', 'E', 'P06', '被保険者番号がAで始まる', c('DLTPLAN', 0, 3, lambda v: 'A' + v[1:]))
d('insured-hyphen', 'actual', 'UPJSK:3', 'E', 'F19 F21', '被保険者番号に空白区切り(全行)', every('UPJSK', 3, lambda v: v[:4] + ' ' + v[4:]), 1)
d('insured-zero', 'kihon', 'UPKIHON:3;UPKIHON:*', 'W', 'rules 7', '被保険者番号が0000000000(仮)で全ファイル', allfiles(3, '0000000000'), 1)
d('insurer-dantai', 'plan123', 'UP1KYO:2', 'W', 'P08 masters 2', '保険者番号の代わりに全国地方公共団体コード(検証番号が違う)を全ファイルで', allfiles(2, '479993'), 1)
d('insurer-5', 'use67', 'UPSIKYU:2', 'E', 'P08', '保険者番号が5桁(7表全行)', every('UPSIKYU', 2, lambda v: v[:5]), 1)
d('insurer-8', 'dltjsk', 'DLTJSK:2', 'E', 'P08 F19', '保険者番号が8桁', every('DLTJSK', 2, '00479998'))
d('insurer-empty', 'plan123', 'UP3KYO:2', 'E', 'F18', '3表の保険者番号が全行で空', every('UP3KYO', 2, ''), 1)
d('insurer-name', 'kihon', 'UPKIHON:2', 'E', 'F21', '保険者番号に市の名前', c('UPKIHON', 0, 2, '架空市'))
d('transposed', 'use67', 'UPSIKYU:3;UPSIKYU:*;UPPLAN:*', 'E', 'K03', '7表の1人の被保険者番号の2桁が入れ替わり6表に無い人になる', lambda u: [r.__setitem__(2, r[2][:8] + r[2][9] + r[2][8] if r[2][8] != r[2][9] else r[2][:8] + '99') for r in u.get('UPSIKYU').rows if r[2] == u.people[0]['no']], 1)
d('hos-transposed', 'use67', 'UPHOSOKU:3;UPHOSOKU:*;UPPLAN:*', 'E', 'K04', '補足の1人の被保険者番号が違い6表に無い人になる', c('UPHOSOKU', 1, 3, lambda v: v[:8] + '98'))
d('hos-missing', 'use67', 'UPPLAN:*;UPHOSOKU:*;UPPLAN:3', 'W', 'K05', '補足に1人分が無い', drop_rows('UPHOSOKU', lambda i, r: i == 1))
d('hos-missing-plan', 'plan123', 'UP1KYO:*;UPHOSOKU:*;UP1KYO:3', 'W', 'K05', '1～3表の補足に1人分が無い', drop_rows('UPHOSOKU', lambda i, r: i == 0))
d('hos-dup', 'use67', 'UPHOSOKU:*;UPHOSOKU:3', 'W', 'K05', '補足に同じ人が2行', dup_row('UPHOSOKU', 0))
d('hos-dup-differ', 'use67', 'UPHOSOKU:*;UPHOSOKU:3;UPHOSOKU:6', 'W', 'K05', '補足に同じ番号で氏名の違う2行', dup_row('UPHOSOKU', 0, lambda r: r.__setitem__(5, '架空　別人')))
d('hos-insurer', 'use67', 'UPHOSOKU:2;UPHOSOKU:*', 'E', 'K04', '補足の1人の保険者番号だけ別の保険者(番号は正しい)', c('UPHOSOKU', 0, 2, insurer('47998')))
d('h-rate90', 'use67', 'UPSIKYU:25;UPSIKYU:26', 'W', 'ATT5 (realworld 17)', '生保単独の人に給付率90と保険請求額がある', lambda u: [(r.__setitem__(24, '90'), r.__setitem__(25, str(int(r[23]) * 9 // 10)), r.__setitem__(27, str(int(r[23]) - int(r[23]) * 9 // 10))) for r in u.get('UPSIKYU').rows if r[2].startswith('H')], 0)
d('same-person-2', 'use67', 'UPHOSOKU:*;UPHOSOKU:3;UPHOSOKU:6;UPHOSOKU:8', 'I', 'masters 3', '同じ氏名・生年月日で番号の違う2人がいる', lambda u: [u.get('UPHOSOKU').set(1, k, u.get('UPHOSOKU').get(0, k)) for k in (5, 6, 7, 8)])
d('sex3', 'use67', 'UPHOSOKU:7', 'E', 'F20', '性別が3', c('UPHOSOKU', 0, 7, '3'))
d('sex-text', 'kihon', 'UPKIHON:16', 'E', 'F20', '性別が「女」', c('UPKIHON', 1, 16, '女'))
d('birth-wareki', 'use67', 'UPHOSOKU:8', 'E', 'F21', '生年月日が和暦S150101(全員)', every('UPHOSOKU', 8, 'S150101'), 1)
d('birth-unreal', 'kihon', 'UPKIHON:17', 'E', 'F21', '生年月日が19400230', c('UPKIHON', 0, 17, '19400230'))
d('birth-future', 'use67', 'UPHOSOKU:8', 'W', 'plausibility', '生年月日が20400101(未来)', c('UPHOSOKU', 0, 8, '20400101'))
d('name-empty', 'plan123', 'UPHOSOKU:6', 'E', 'F18', '利用者氏名が空', c('UPHOSOKU', 0, 6, ''))
d('kana-empty', 'use67', 'UPHOSOKU:5', 'E', 'F18', 'フリガナが全員空', every('UPHOSOKU', 5, ''), 1)
d('kana-empty-kihon', 'kihon', 'UPKIHON:14', 'E', 'F18', '基本情報のフリガナが空', c('UPKIHON', 0, 14, ''))
d('postal-nohyphen', 'use67', 'UPHOSOKU:9', 'E', 'F21', '郵便番号にハイフンが無い(全員)', every('UPHOSOKU', 9, '9000001'), 1)
d('postal-zen', 'plan123', 'UP1KYO:5', 'E', 'F21', '郵便番号が全角', c('UP1KYO', 0, 5, '９００－０００１'))
d('phone-two', 'kihon', 'UPKIHON:19', 'E', 'F19', '電話番号に2つ書き15文字を超える', c('UPKIHON', 0, 19, '000-000-0000／090-0000-0000'))
d('level-11', 'use67', 'UPHOSOKU:18', 'E', 'F20 R44', '要介護状態区分が11(経過的)', c('UPHOSOKU', 0, 18, '11'))
d('level-text', 'plan123', 'UP1KYO:21', 'E', 'F19 F20', '要介護状態区分が「要介護１」', every('UP1KYO', 21, '要介護１'))
d('level-1', 'use67', 'UPHOSOKU:18', 'E', 'F20 R44', '要介護状態区分が1(介護予防の表の値)', every('UPHOSOKU', 18, '1'))
d('level-kihon06', 'kihon', 'UPKIHON:23', 'E', 'R44', '基本情報の要介護状態区分が06', c('UPKIHON', 0, 23, '06'))
d('level-yobo12', 'yobo', 'UPYOBO:14', 'E', 'R44 F19', '支援計画の要支援状態区分が12', c('UPYOBO', 0, 14, '12'))
d('level-01-hos', 'prev67', 'UPHOSOKU:18', 'E', 'R44 F20', '補足の要介護状態区分が01(非該当、基本情報だけの値)', c('UPHOSOKU', 0, 18, '01'))
d('cert-reversed', 'plan123', 'UP1KYO:19;UP1KYO:20', 'W', 'plausibility 19-20', '認定有効期間の開始が終了より後', c('UP1KYO', 0, 19, '20280401'))
d('limit-reversed', 'use67', 'UPHOSOKU:14;UPHOSOKU:15', 'W', 'plausibility 14-15', '限度額適用期間の開始が終了より後', c('UPHOSOKU', 0, 14, '20280401'))
d('cert-expired', 'use67', 'UPHOSOKU:15;UPHOSOKU:14', 'I', 'plausibility', '限度額適用終了年月日が対象年月より前(20260430)', c('UPHOSOKU', 0, 15, '20260430'))
d('limit-units', 'use67', 'UPHOSOKU:19', 'I', 'masters 5', '要介護３なのに区分支給限度基準額が要介護１の16765', c('UPHOSOKU', 1, 19, '16765'))
d('type-slot', 'use67', 'UPHOSOKU:24;UPHOSOKU:20;UPHOSOKU:25', 'W', 'L 20 (1枠から詰めて)', '種類別限度額が2枠だけに入り1枠が空', seqfn(c('UPHOSOKU', 0, 24, '15'), c('UPHOSOKU', 0, 25, '5000'), c('UPHOSOKU', 0, 26, '3490'), c('UPHOSOKU', 0, 27, '0')))
d('type-nokind', 'use67', 'UPHOSOKU:20;UPHOSOKU:21', 'W', 'L 21', '種類コードが無いのに1支給限度基準額がある', c('UPHOSOKU', 0, 21, '5000'))
d('cert-status', 'use67', 'UPHOSOKU:16', 'E', 'F20', '認定状況区分が3', c('UPHOSOKU', 0, 16, '3'))
d('hos-plandate', 'use67', 'UPHOSOKU:4', 'E', 'K04', '6・7表の補足に計画作成日が入っている(全員)', every('UPHOSOKU', 4, PLAN_DATE), 1)
d('hos-nodate', 'plan123', 'UPHOSOKU:4', 'E', 'K02', '1～3表の補足の計画作成日が00000000(全員)', every('UPHOSOKU', 4, '00000000'), 1)
d('hos-otherdate', 'plan123', 'UPHOSOKU:4;UPHOSOKU:*;UP1KYO:*', 'E', 'K02', '補足の計画作成日が1表と1日違う(1人)', c('UPHOSOKU', 0, 4, '20261116'))
d('hos-month', 'plan123', 'UPHOSOKU:63', 'E', 'K02 L63', '1～3表の補足の対象年月が202612(名前は000000)', every('UPHOSOKU', 63, '202612'), 1)
d('hos-month-empty', 'use67', 'UPHOSOKU:63', 'E', 'F18', '補足の対象年月が空', every('UPHOSOKU', 63, ''), 1)
d('hos-month-other', 'use67', 'UPHOSOKU:63', 'E', 'F11 K04', '補足の1人の対象年月が202611', c('UPHOSOKU', 0, 63, '202611'))
d('level-differs', 'plan123', 'UPHOSOKU:18;UP1KYO:21', 'I', 'plausibility', '補足の要介護２と1表の要介護１が食い違う', c('UPHOSOKU', 0, 18, '22'))
d('yobo-othername', 'yobokihon', 'UPYOBO:8;UPKIHON:15', 'I', 'plausibility', '同じ番号で支援計画と基本情報の氏名が別人', c('UPYOBO', 0, 8, '例示　別人'))

# =============================================================== G tables 1-3
d('t2-date', 'plan123', 'UP2KYO:5;UP2KYO:*', 'E', 'K01', '2表の1人の計画作成日が1表と違う', lambda u: [r.__setitem__(4, '20261114') for r in u.get('UP2KYO').rows if r[2] == u.people[0]['no']], 1)
d('t3-date-all', 'plan123', 'UP3KYO:5;UP3KYO:*', 'E', 'K01', '3表の計画作成日が全行で作成年月日(20261120)になっている', every('UP3KYO', 5, CREATED), 1)
d('t3-person', 'plan123', 'UP1KYO:*;UP3KYO:*;UP1KYO:3', 'W', 'K01', '3表に1人分が無い', drop_rows('UP3KYO', lambda i, r: i >= 6))
d('t2-person', 'plan123', 'UP1KYO:*;UP2KYO:*;UP1KYO:3', 'W', 'K01', '2表に1人分が無い', drop_rows('UP2KYO', lambda i, r: i >= 4))
d('t1-dup', 'plan123', 'UP1KYO:*;UP1KYO:3;UP1KYO:14', 'W', 'K12', '1表に同じ人・同じ計画作成日が2行', dup_row('UP1KYO', 0))
d('t2-dup', 'plan123', 'UP2KYO:6;UP2KYO:8;UP2KYO:13;UP2KYO:*', 'W', 'R32', '2表で課題・目標・内容の番号が同じ2行', dup_row('UP2KYO', 0))
d('t2-allones', 'plan123', 'UP2KYO:6;UP2KYO:8;UP2KYO:13;UP2KYO:*', 'W', 'R32', '2表の番号がすべて1', seqfn(every('UP2KYO', 6, '1'), every('UP2KYO', 8, '1'), every('UP2KYO', 13, '1')), 1)
d('t2-noempty', 'plan123', 'UP2KYO:6', 'W', 'R32', '課題ＮＯが全行で空', every('UP2KYO', 6, ''), 1)
d('t2-no0', 'plan123', 'UP2KYO:13', 'W', 'R30', '援助内容ＮＯが0から始まる', every('UP2KYO', 13, lambda v: str(int(v) - 1)), 1)
d('t2-no100', 'plan123', 'UP2KYO:6', 'W', 'R30', '課題ＮＯが100', c('UP2KYO', 3, 6, '100'))
d('t2-ins', 'plan123', 'UP2KYO:15', 'E', 'F20', '保険対象区分が1/0', every('UP2KYO', 15, lambda v: '1' if v == 'Y' else '0'), 1)
d('t2-insmaru', 'plan123', 'UP2KYO:15', 'E', 'F19 F20', '保険対象区分が○(印刷の記号)', every('UP2KYO', 15, lambda v: '○' if v == 'Y' else ''), 1)
d('t2-office', 'plan123', 'UP2KYO:17', 'E', 'F14 F19', 'サービス事業者コードにハイフン(47-79000217)', c('UP2KYO', 3, 17, '47-79000217'))
d('t2-officename', 'plan123', 'UP2KYO:17', 'E', 'F14 F19', '2表の事業者コードに事業所名', c('UP2KYO', 0, 17, '試験デイサービスセンター'))
d('t3-weekday', 'plan123', 'UP3KYO:7', 'E', 'R34', '曜日が「月」(全行)', lambda u: [r.__setitem__(6, '月火水木金土日'[int(r[6]) - 1]) for r in u.get('UP3KYO').rows if r[6]], 1)
d('t3-wd0', 'plan123', 'UP3KYO:7', 'E', 'F20', '曜日が0(日曜を0とする製品)', c('UP3KYO', 0, 7, '0'))
d('t3-wd8', 'plan123', 'UP3KYO:7', 'E', 'F20', '曜日が8', c('UP3KYO', 0, 7, '8'))
d('t3-wdmany', 'plan123', 'UP3KYO:7', 'E', 'F19 F20', '曜日が「14」(1行に月木)', c('UP3KYO', 0, 7, '14'))
d('t3-colon', 'plan123', 'UP3KYO:8;UP3KYO:9', 'E', 'R34 F19', '時間が09:30の形(全行)', lambda u: [r.__setitem__(k, r[k][:2] + ':' + r[k][2:]) for r in u.get('UP3KYO').rows for k in (7, 8, 10, 11) if r[k]], 1)
d('t3-mixed', 'plan123', 'UP3KYO:*;UP3KYO:6;UP3KYO:10;UP3KYO:13', 'W', 'R33', '1行に週間サービスと日常生活の活動が入る', seqfn(c('UP3KYO', 0, 10, '起床'), c('UP3KYO', 0, 11, '0630'), c('UP3KYO', 0, 12, '0700')))
d('t3-nowd', 'plan123', 'UP3KYO:7', 'W', 'L 7 (介護サービス内容のある行で使う)', '介護サービス内容があるのに曜日が空', c('UP3KYO', 0, 7, ''))
d('t3-empty', 'plan123', 'UP3KYO:*;UP3KYO:6', 'W', 'R33', '6～13がすべて空の行', lambda u: u.get('UP3KYO').rows.__setitem__(0, u.get('UP3KYO').rows[0][:5] + [''] * 8))
d('t3-reverse', 'plan123', 'UP3KYO:8;UP3KYO:9', 'I', 'R03', '3表の開始が終了より後(1645-0930)', seqfn(c('UP3KYO', 2, 8, '1645'), c('UP3KYO', 2, 9, '0930')))
d('t1-office9', 'plan123', 'UP1KYO:13', 'E', 'F14', '介護支援事業者コードが9桁', every('UP1KYO', 13, lambda v: v[:9]))
d('t1-category', 'plan123', 'UP1KYO:16', 'E', 'F20', '計画書区分が1', c('UP1KYO', 0, 16, '1'))
d('t1-reason12', 'plan123', 'UP1KYO:25', 'E', 'F19 F20', '算定理由が「12」(複数を続けて)', lambda u: (c('UP1KYO', 0, 25, '12')(u)))
d('t1-reason4', 'plan123', 'UP1KYO:25', 'E', 'F20', '算定理由が4', c('UP1KYO', 0, 25, '4'))
d('t1-noplandate', 'plan123', 'UP1KYO:14', 'E', 'F18', '1表の計画作成日が空', c('UP1KYO', 0, 14, ''))
d('t1-first-after', 'plan123', 'UP1KYO:15;UP1KYO:14', 'I', 'plausibility 14-15', '初回作成日が計画作成日より後', c('UP1KYO', 0, 15, '20270115'))
d('t1-zeros', 'plan123', 'UP1KYO:4', 'W', 'rules 7', '作成年月日が00000000', c('UP1KYO', 0, 4, '00000000'))
d('t1-cert-zeros', 'plan123', 'UP1KYO:18', 'W', 'rules 7', '認定日(任意)が00000000', c('UP1KYO', 0, 18, '00000000'))
d('t1-planner', 'plan123', 'UP1KYO:8', 'E', 'F18', '計画作成者氏名が空', every('UP1KYO', 8, ''))
d('t1-unreal', 'plan123', 'UP1KYO:20', 'E', 'F21', '認定有効期間終了日が20270231', c('UP1KYO', 0, 20, '20270231'))
d('t1-date6', 'plan123', 'UP1KYO:19', 'E', 'F21', '認定有効期間開始日が6桁202604', c('UP1KYO', 0, 19, '202604'))

# =============================================================== H use slip (6)
d('p-outmonth', 'use67', 'UPPLAN:10', 'E', 'R01', '利用日が翌月(20270101)の行が1行', c('UPPLAN', code('111211', -1), 10, '20270101'))
d('p-outmonth-all', 'use67', 'UPPLAN:10', 'E', 'R01', '全行の利用日が前月(11月)のまま', every('UPPLAN', 10, lambda v: '202611' + v[6:] if v[6:] != '31' else '20261130'), 1)
d('p-32', 'use67', 'UPPLAN:10', 'E', 'F21', '利用日が20261232', c('UPPLAN', 2, 10, '20261232'))
d('p-nodate17', 'use67', 'UPPLAN:10', 'E', 'R01 F18', '福祉用具の利用日が空', c('UPPLAN', code('171007'), 10, ''))
d('p-9999one', 'use67', 'UPPLAN:12;UPPLAN:13', 'W', 'R02', '開始だけ9999', c('UPPLAN', code('111211'), 12, '9999'))
d('p-2560', 'use67', 'UPPLAN:13', 'E', 'F21', '終了時刻が1060', c('UPPLAN', code('111211'), 13, '1060'))
d('p-colon', 'use67', 'UPPLAN:12', 'E', 'F19 F21', '時刻が09:30', every('UPPLAN', 12, lambda v: v[:2] + ':' + v[2:]), 1)
d('p-time-blank', 'use67', 'UPPLAN:12;UPPLAN:13', 'E', 'F18 R02', '時間の無いサービスの時刻が9999でなく空', seqfn(c('UPPLAN', code('171001'), 12, ''), c('UPPLAN', code('171001'), 13, '')))
d('p-0000', 'use67', 'UPPLAN:12;UPPLAN:13', 'W', 'R02 R03', '時間の無い福祉用具の時刻が0000-0000', lambda u: [(r.__setitem__(11, '0000'), r.__setitem__(12, '0000')) for r in u.get('UPPLAN').rows if r[14][:2] == '17'])
d('p-reverse', 'use67', 'UPPLAN:12;UPPLAN:13', 'W', 'R03', '終了が開始より前(1行)', seqfn(c('UPPLAN', code('152441'), 12, '1645'), c('UPPLAN', code('152441'), 13, '0930')))
d('p-nocount', 'use67', 'UPPLAN:14', 'E', 'F18', 'サービス回数が全行で空', every('UPPLAN', 14, ''), 1)
d('p-count0', 'use67', 'UPPLAN:14', 'W', 'plausibility', 'サービス回数が0の行', c('UPPLAN', code('117311'), 14, '0'))
d('p-count100', 'use67', 'UPPLAN:14', 'E', 'F19', 'サービス回数が100', c('UPPLAN', code('117311'), 14, '100'))
d('p-code5', 'use67', 'UPPLAN:15', 'E', 'R07', 'サービスコードが5桁(11121)', c('UPPLAN', code('111211'), 15, '11121'))
d('p-code4', 'use67', 'UPPLAN:15', 'E', 'R07', 'サービスコードが項目4桁だけ(全行)', every('UPPLAN', 15, lambda v: v[2:]), 1)
d('p-code-zen', 'use67', 'UPPLAN:15', 'E', 'R07', 'サービスコードが全角(1行)', c('UPPLAN', code('111211'), 15, fullwidth))
d('p-code-lower', 'prev67', 'UPPLAN:15', 'W', 'R07', 'サービスコードが小文字a22411', lambda u: [r.__setitem__(14, r[14].lower()) for r in u.get('UPPLAN').rows if r[14] == 'A22411'], 1)
d('p-code-hyphen', 'use67', 'UPPLAN:15', 'E', 'R07 F19', 'サービスコードが11-1211の形(全行)', every('UPPLAN', 15, lambda v: v[:2] + '-' + v[2:]), 1)
d('p-kind33', 'use67', 'UPPLAN:15', 'E', 'P01', '対象外の種類33(特定施設)の行', c('UPPLAN', code('152441'), 15, '331111'))
d('p-kind36', 'use67', 'UPPLAN:15', 'E', 'P01', '対象外の種類36の行', c('UPPLAN', code('152441'), 15, '361111'))
d('p-kind51', 'use67', 'UPSIKYU:9', 'E', 'P01', '7表に施設(51)の行', c('UPSIKYU', S('131111'), 9, '511111'))
d('p-kind43', 'use67', 'UPPLAN:15', 'W', 'rules 8', '居宅介護支援(43)の行が入っている', dup_row('UPPLAN', 0, lambda r: (r.__setitem__(14, '432111'), r.__setitem__(19, CM), r.__setitem__(11, '9999'), r.__setitem__(12, '9999'))))
d('p-kind61', 'prev67', 'UPPLAN:15', 'W', 'rules 8', '廃止された61(予防訪問介護)の行', lambda u: [r.__setitem__(14, '611111') for r in u.get('UPPLAN').rows if r[14] == 'A22411'], 1)
d('p-kind00', 'use67', 'UPPLAN:15', 'W', 'rules 8', '自費をコード000001で入れている', c('UPPLAN', code('117311'), 15, '000001'))
d('p-notais', 'use67', 'UPPLAN:16;UPPLAN:17', 'E', 'R08', '171001にTAISも届出コードも無い', c('UPPLAN', code('171001'), 16, ''))
d('p-notais-all', 'use67', 'UPPLAN:16;UPPLAN:17', 'E', 'R08', '福祉用具の全行にTAISも届出コードも無い(6・7表)', lambda u: ([r.__setitem__(15, '') for r in u.get('UPPLAN').rows], [r.__setitem__(9, '') for r in u.get('UPSIKYU').rows]), 1)
d('p-bothtais', 'use67', 'UPPLAN:16;UPPLAN:17', 'W', 'R08', 'TAISと届出コードの両方', c('UPPLAN', code('171001'), 17, '00002-000021'))
d('p-tais-zen', 'use67', 'UPPLAN:16', 'W', 'R09', 'TAISのハイフンが全角', lambda u: ([r.__setitem__(15, r[15].replace('-', '－')) for r in u.get('UPPLAN').rows]), 1)
d('p-tais-jan', 'use67', 'UPPLAN:16', 'E', 'F19', 'TAISにJAN13桁', c('UPPLAN', code('171001'), 16, '4900000000000'))
d('p-tais-short', 'use67', 'UPPLAN:16', 'W', 'R09', 'TAISが2-20の形(0落ち)', c('UPPLAN', code('171001'), 16, '2-20'))
d('p-tais-11', 'use67', 'UPPLAN:16', 'W', 'R08', '訪問介護の行にTAISコードがある', c('UPPLAN', code('111211'), 16, '00002-000020'))
d('p-disc-none', 'use67', 'UPPLAN:19', 'W', 'R11', '同じコード・同じ単位の2行に明細判別コードが無い', lambda u: [r.__setitem__(18, '') for r in u.get('UPPLAN').rows])
d('p-disc-11', 'use67', 'UPPLAN:19', 'W', 'R10 R11', '明細判別コードが2行とも1', lambda u: [r.__setitem__(18, '1') for r in u.get('UPPLAN').rows if r[14] == '171007'])
d('p-disc-15', 'use67', 'UPPLAN:19', 'W', 'R10', '訪問介護の行に明細判別コード', every('UPPLAN', 19, '1'), 1)
d('p-30empty', 'use67', 'UPPLAN:23', 'E', 'R14', '３０日超区分が全行で空', every('UPPLAN', 23, ''), 1)
d('p-30-2', 'use67', 'UPPLAN:23', 'E', 'R14', '３０日超区分が2', c('UPPLAN', code('221131'), 23, '2'))
d('p-office9s', 'use67', 'UPPLAN:20', 'W', 'rules 7 (realworld 24)', '事業者コードが9999999999(仮)の行', c('UPPLAN', code('152441'), 20, '9999999999'))
d('p-office-cd', 'use67', 'UPPLAN:20', 'W', 'F14', '通所介護の事業者コードの検証番号が違う(5行と加算)', lambda u: [r.__setitem__(19, '4779000317') for r in u.get('UPPLAN').rows if r[19] == DAY], 1)
d('p-office-empty', 'use67', 'UPPLAN:20', 'E', 'F18', 'サービス事業者コードが全行で空', every('UPPLAN', 20, ''), 1)
d('p-updater', 'use67', 'UPPLAN:24', 'W', 'R15', '更新業者コードがサービス事業所(全行)', lambda u: [r.__setitem__(23, r[19]) for r in u.get('UPPLAN').rows], 1)
d('p-2months', 'use67', 'UPPLAN:5', 'E', 'F11', '1人分だけ202701の予定が同じファイルに', lambda u: [(r.__setitem__(4, '202701'), r.__setitem__(9, '202701' + r[9][6:])) for r in u.get('UPPLAN').rows if r[2] == u.people[1]['no']], 1)
d('p-month-slash', 'use67', 'UPPLAN:5', 'E', 'F19 F21', '対象年月が2026/12', every('UPPLAN', 5, '2026/12'), 1)
d('p-month-13', 'use67', 'UPPLAN:5', 'E', 'F21', '1行の対象年月が202613', c('UPPLAN', 0, 5, '202613'))
d('p-bits30', 'diem67', 'UPPLAN:11', 'E', 'R05', '日割対象日が30桁', every('UPPLAN', 11, lambda v: v[1:]), 1)
d('p-bits2', 'diem67', 'UPPLAN:11', 'E', 'R05', '日割対象日に2がある', c('UPPLAN', 0, 11, '0' * 10 + '2' * 21))
d('p-bits-nov', 'diem67', 'UPPLAN:11', 'W', 'R05', '11月(30日)の31桁目が1', lambda u: _to_nov(u), 1)
d('p-bits-11', 'use67', 'UPPLAN:11', 'W', 'R05 masters 7', '日割でない訪問介護の全行に日割対象日が31個の0', every('UPPLAN', 11, '0' * 31), 1)
d('p-duprow', 'use67', 'UPPLAN:*;UPPLAN:10;UPPLAN:15', 'I', 'facts 2 (16≠Σ14)', '同じ人・日・時刻・コード・事業所の行が2回', dup_row('UPPLAN', code('111211')))
d('p-addtime', 'use67', 'UPPLAN:12;UPPLAN:13', 'W', 'R04', '入浴介助加算の時刻が基本サービスと違う', lambda u: [(r.__setitem__(11, '1000'), r.__setitem__(12, '1030')) for r in u.get('UPPLAN').rows if r[14] == '155301'])
d('p-units-zen', 'use67', 'UPPLAN:8', 'E', 'F21', '単位数が全角(1行)', c('UPPLAN', 0, 8, fullwidth))
d('p-units-empty', 'use67', 'UPPLAN:8', 'W', 'rules 6 (?)', '単位数が全行で空', every('UPPLAN', 8, ''), 1)
d('p-units-tri', 'use67', 'UPPLAN:8', 'E', 'F21', '減算の単位が△12', c('UPPLAN', 0, 8, '△12'))
d('p-units-7', 'use67', 'UPPLAN:8', 'E', 'F19', '単位数が7桁', c('UPPLAN', 0, 8, '1000387'))
d('p-created', 'use67', 'UPPLAN:4', 'E', 'F21', '作成年月日が20261131', every('UPPLAN', 4, '20261131'), 1)
d('p-created-empty', 'use67', 'UPPLAN:4', 'E', 'F18', '作成年月日が空(1人分)', lambda u: [r.__setitem__(3, '') for r in u.get('UPPLAN').rows if r[2] == u.people[2]['no']], 1)
d('p-manager-number', 'use67', 'UPPLAN:6', 'E', 'F14 F21', 'プラン担当業者コードに担当者名(6と7が逆)', cols('UPPLAN', swap(6, 7)), 1)
d('p-satellite3', 'use67', 'UPPLAN:22', 'E', 'F19', 'サテライト枝番が3桁001', c('UPPLAN', code('152441'), 22, '001'))
d('p-norelated', 'use67', 'UPPLAN:*;UPPLAN:20;UPPLAN:3', 'W', 'P03', '送信先の事業所のサービスが1つも無い人が入っている', lambda u: [f.__setattr__('rows', [r for r in f.rows if not (r[2] == u.people[1]['no'] and HOME in (r[19] if f.kind == 'UPPLAN' else r[6]))]) for f in u.files if f.kind == 'UPPLAN'])
d('p-units-differs', 'use67', 'UPPLAN:8;UPSIKYU:13;UPSIKYU:*', 'I', 'plausibility 6/7', '6表の111211の単位数が378(7表は387)', lambda u: [r.__setitem__(7, '378') for r in u.get('UPPLAN').rows if r[14] == '111211' and r[2] == u.people[0]['no']], 1)

# =============================================================== I table 7, money
DET = S('111211')
d('s-nototal', 'use67', 'UPSIKYU:*;UPSIKYU:9;UPSIKYU:7', 'E', 'R20', '1人の全合計の行が無い', drop_rows('UPSIKYU', lambda i, r: r[8] == '999999' and i < 14))
d('s-nototal-all', 'use67', 'UPSIKYU:*;UPSIKYU:9;UPSIKYU:7', 'E', 'R20', '全員の全合計の行が無い', drop_rows('UPSIKYU', lambda i, r: r[8] == '999999'), 1)
d('s-onetotal', 'use67', 'UPSIKYU:*;UPSIKYU:9', 'E', 'R20', '全合計がファイルの最後に1行だけ(人ごとでない)', lambda u: u.get('UPSIKYU').__setattr__('rows', [r for r in u.get('UPSIKYU').rows if r[8] != '999999'] + [u.get('UPSIKYU').rows[-1]]))
d('s-totaloffice', 'use67', 'UPSIKYU:7', 'E', 'R20', '全合計の行の事業所コードが居宅の番号(全員)', lambda u: [r.__setitem__(6, CM) for r in u.get('UPSIKYU').rows if r[8] == '999999'], 1)
d('s-total-ALL9', 'use67', 'UPSIKYU:9', 'E', 'R20 R07', '全合計の行のサービスコードが「ALL9」', lambda u: [r.__setitem__(8, 'ALL9') for r in u.get('UPSIKYU').rows if r[8] == '999999'], 1)
d('s-noAAAA', 'use67', 'UPSIKYU:*;UPSIKYU:9', 'W', 'R21', '訪問介護(コード4つ)の小計11AAAAが無い', drop_rows('UPSIKYU', lambda i, r: r[8] == '11AAAA'))
d('s-noAAAA-all', 'use67', 'UPSIKYU:*;UPSIKYU:9', 'W', 'R21', '種類別小計がすべて無い', drop_rows('UPSIKYU', lambda i, r: r[8].endswith('AAAA')), 1)
d('s-subunits', 'use67', 'UPSIKYU:13', 'W', 'R22', '小計の行の単位数に合計が入る(0でない)', lambda u: [r.__setitem__(12, r[16]) for r in u.get('UPSIKYU').rows if r[8].endswith('AAAA')])
d('s-totalunits', 'use67', 'UPSIKYU:13', 'W', 'R22', '全合計の行の単位数が空でなく合計', lambda u: [r.__setitem__(12, r[16]) for r in u.get('UPSIKYU').rows if r[8] == '999999'])
d('s-subrate', 'use67', 'UPSIKYU:14', 'W', 'R22', '小計の行に割引後率100', lambda u: [r.__setitem__(13, '100') for r in u.get('UPSIKYU').rows if r[8].endswith('AAAA')])
d('s-17', 'use67', 'UPSIKYU:17', 'W', 'facts 2', 'サービス単位が単位数×回数と違う(3483→3843、小計と全合計はそのまま)', c('UPSIKYU', DET, 17, '3843'))
d('s-24', 'use67', 'UPSIKYU:24', 'W', 'facts 2', '費用総額が単位×単価と100円違う', c('UPSIKYU', DET, 24, lambda v: str(int(v) + 100)))
d('s-28', 'use67', 'UPSIKYU:28', 'W', 'facts 2', '利用者負担が費用総額−請求額と違う', c('UPSIKYU', DET, 28, lambda v: str(int(v) + 90)))
d('s-26', 'use67', 'UPSIKYU:26;UPSIKYU:28', 'W', 'masters 5', '請求額が費用総額×給付率と違う(80で計算、28は差のまま)', c('UPSIKYU', code('171001', 0, 9), 26, '4000'))
d('s-totalsum', 'use67', 'UPSIKYU:24;UPSIKYU:*', 'W', 'R27', '全合計の費用総額が小計の和と違う', c('UPSIKYU', S('999999'), 24, lambda v: str(int(v) - 3000)))
d('s-subsum', 'use67', 'UPSIKYU:22;UPSIKYU:*', 'W', 'R27', '11AAAAの限度内単位が明細の和と違う', c('UPSIKYU', S('11AAAA'), 22, '4583'))
d('s-totalmissingkind', 'use67', 'UPSIKYU:*;UPSIKYU:17;UPSIKYU:22;UPSIKYU:24', 'W', 'R27', '全合計に福祉用具の分が入っていない(17,18,22,24,26,28とも)', lambda u: _minus(u))
d('s-count', 'use67', 'UPSIKYU:16;UPSIKYU:*', 'W', 'facts 2', '回数が6表の回数の和と違う(9→10、金額も合わせて直してある)', lambda u: _count10(u), 0)
d('s-price-int', 'use67', 'UPSIKYU:23', 'W', 'R24', '単価が1021(小数点なし)', c('UPSIKYU', DET, 23, '1021'))
d('s-price-comma', 'use67', 'UPSIKYU:23', 'E', 'F21', '単価が「10円21」', c('UPSIKYU', DET, 23, '10円21'))
d('s-price-12', 'use67', 'UPSIKYU:23', 'W', 'masters 5', '単価12.00(ありえない地域単価、金額も12.00で計算)', lambda u: _price12(u))
d('s-price-17', 'use67', 'UPSIKYU:23', 'W', 'masters 5', '福祉用具の単価が10.21(一律10.00のはず)', lambda u: _price17(u))
d('s-rate-09', 'use67', 'UPSIKYU:25', 'E', 'F21', '給付率が0.9(全行)', lambda u: [r.__setitem__(24, '0.9') for r in u.get('UPSIKYU').rows if r[24] == '90'], 1)
d('s-rate-9', 'use67', 'UPSIKYU:25;UPSIKYU:26', 'W', 'masters 5', '給付率が9(割、全行)', lambda u: [r.__setitem__(24, '9') for r in u.get('UPSIKYU').rows if r[24] == '90'], 1)
d('s-rate-10', 'use67', 'UPSIKYU:25;UPSIKYU:26', 'W', 'masters 5', '給付率に利用者の負担割合10(全行)', lambda u: [r.__setitem__(24, '10') for r in u.get('UPSIKYU').rows if r[24] == '90'], 1)
d('s-rate-pct', 'use67', 'UPSIKYU:25', 'E', 'F21', '給付率が90%', c('UPSIKYU', DET, 25, '90%'))
d('s-34empty', 'use67', 'UPSIKYU:34', 'W', 'R25', '事業所コード(34)が全行で空', every('UPSIKYU', 34, ''), 1)
d('s-34other', 'use67', 'UPSIKYU:34', 'W', 'R25', '事業所コード(34)が居宅の番号(全行)', every('UPSIKYU', 34, CM), 1)
d('s-33empty', 'use67', 'UPSIKYU:33', 'E', 'F18', '明細の３０日超区分が空', c('UPSIKYU', DET, 33, ''))
d('s-16empty', 'use67', 'UPSIKYU:16', 'E', 'F18', '明細の回数が空', c('UPSIKYU', DET, 16, ''))
d('s-16sub', 'use67', 'UPSIKYU:16', 'W', 'R22', '小計と全合計の回数が空', lambda u: [r.__setitem__(15, '') for r in u.get('UPSIKYU').rows if r[8][2:] in ('AAAA', '9999')], 1)
d('s-13empty', 'use67', 'UPSIKYU:13', 'E', 'F18', '明細の単位数が空', c('UPSIKYU', DET, 13, ''))
d('s-noperson', 'use67', 'UPPLAN:*;UPSIKYU:*;UPPLAN:3', 'W', 'K03', '7表に1人分が無い', lambda u: u.get('UPSIKYU').__setattr__('rows', [r for r in u.get('UPSIKYU').rows if r[2] != u.people[2]['no']]))
d('s-extracode', 'use67', 'UPSIKYU:9;UPSIKYU:*;UPPLAN:*', 'I', 'plausibility 6/7', '7表にあるコード(117311)の行が6表に無い', drop_rows('UPPLAN', lambda i, r: r[14] == '117311' and not r[2].startswith('H')))
d('s-missingcode', 'use67', 'UPSIKYU:*;UPPLAN:*;UPPLAN:15', 'I', 'plausibility 6/7', '6表にある訪問看護が7表に無い(全合計も直してある)', lambda u: _nonurse(u))
d('s-18out', 'use67', 'UPSIKYU:18', 'I', 'R23', '限度額対象外の処遇改善加算に給付管理単位数がある', c('UPSIKYU', S('116275'), 18, lambda v: '1291'))
d('s-32', 'use67', 'UPSIKYU:32', 'W', 'masters 7', '累積利用日数が30+31と違う', c('UPSIKYU', S('221131'), 32, '9'))
d('s-31', 'use67', 'UPSIKYU:31', 'W', 'masters 7', '当月の計画利用日数が32', seqfn(c('UPSIKYU', S('221131'), 31, '32'), c('UPSIKYU', S('221131'), 32, '35')))
d('s-notais', 'use67', 'UPSIKYU:10;UPSIKYU:11', 'E', 'R26', '7表の171001にTAISも届出コードも無い', c('UPSIKYU', S('171001'), 10, ''))
d('s-decimal', 'use67', 'UPSIKYU:24', 'E', 'F21', '費用総額が35561.43(端数を切っていない)', c('UPSIKYU', DET, 24, '35561.43'))
d('s-yen', 'use67', 'UPSIKYU:28', 'E', 'F21', '利用者負担に「円」がつく(全行)', every('UPSIKYU', 28, lambda v: v + '円'), 1)
d('s-overlimit', 'use67', 'UPSIKYU:*;UPSIKYU:21;UPSIKYU:22;UPHOSOKU:19', 'I', 'masters 5', '要介護１の限度16765を超えるのに超過が0', lambda u: _overlimit(u))
d('s-twototals', 'use67', 'UPSIKYU:*;UPSIKYU:9', 'W', 'R20 plausibility', '1人の全合計の行が2行', dup_row('UPSIKYU', S('999999')))
d('s-len22', 'use67', 'UPSIKYU:22', 'E', 'F19', '限度内単位が7桁', c('UPSIKYU', DET, 22, '1003483'))
d('s-disc', 'use67', 'UPSIKYU:14;UPSIKYU:15', 'I', 'plausibility 14-15', '割引後率95があるのに割引後単位数が空', c('UPSIKYU', DET, 14, '95'))
d('s-minus', 'use67', 'UPSIKYU:13', 'E', 'F21', '単位数が▲387', c('UPSIKYU', DET, 13, '▲387'))
d('s-dummy', 'use67', 'UPSIKYU:7', 'W', 'rules 7', '明細の事業所コードが9999999999', c('UPSIKYU', S('131111'), 7, '9999999999'))
d('s-month', 'use67', 'UPSIKYU:5', 'E', 'F11', '7表の対象年月が全行202611(名前は202612)', every('UPSIKYU', 5, '202611'), 1)
d('s-noise-prev', 'prev67', 'UPSIKYU:24;UPSIKYU:28;UPSIKYU:26', 'W', 'facts 2', '総合事業の1行で負担が0、請求額は90%のまま(28≠24−26)', c('UPSIKYU', S('A22411'), 28, '0'))
def _to_nov(u):
    for f in u.files:
        f.name = f.name.replace('_202612_', '_202611_')
        no = 63 if f.kind == 'UPHOSOKU' else 5
        f.all(no, lambda v: '202611')
        if f.kind == 'UPPLAN':
            f.all(10, lambda v: '202611' + v[6:])


def person_rows(u, kind, i):
    return [r for r in u.get(kind).rows if r[2] == u.people[i]['no']]


def _minus(u):
    rows = person_rows(u, 'UPSIKYU', 0)
    t = [r for r in rows if r[8] == '999999'][0]
    sub = [r for r in rows if r[8] == '17AAAA'][0]
    for k in (17, 18, 22, 24, 26, 28):
        t[k - 1] = str(int(t[k - 1]) - int(sub[k - 1]))


def _count10(u):
    rows = person_rows(u, 'UPSIKYU', 0)
    det = [r for r in rows if r[8] == '111211'][0]
    old = {k: int(det[k - 1]) for k in (17, 18, 22, 24, 26, 28)}
    n = int(det[15]) + 1
    det[15] = str(n)
    u17 = 387 * n
    c24 = int(D(u17) * D('10.21'))
    new = {17: u17, 18: u17, 22: u17, 24: c24, 26: c24 * 9 // 10, 28: c24 - c24 * 9 // 10}
    for k in new:
        det[k - 1] = str(new[k])
        for r in rows:
            if r[8] in ('11AAAA', '999999'):
                r[k - 1] = str(int(r[k - 1]) + new[k] - old[k])


def reprice(u, who, off, price):
    rows = person_rows(u, 'UPSIKYU', who)
    diff = dict.fromkeys((24, 26, 28), 0)
    sub = None
    for r in rows:
        if r[6] == off and r[8][2:] != 'AAAA':
            c24 = int(D(int(r[21] or r[16])) * D(price))
            new = {24: c24, 26: c24 * 9 // 10, 28: c24 - c24 * 9 // 10}
            if r[21]:
                for k in new:
                    diff.setdefault(('s', k), 0)
                    diff['s', k] = diff.get(('s', k), 0) + new[k] - int(r[k - 1])
            for k in new:
                diff[k] += new[k] - int(r[k - 1])
                r[k - 1] = str(new[k])
            r[22] = price
        elif r[6] == off:
            sub = r
    if sub:
        sub[22] = price
        for k in (24, 26, 28):
            sub[k - 1] = str(int(sub[k - 1]) + diff['s', k])
    t = [r for r in rows if r[8] == '999999'][0]
    for k in (24, 26, 28):
        t[k - 1] = str(int(t[k - 1]) + diff[k])


def _price12(u):
    reprice(u, 0, HOME, '12.00')


def _price17(u):
    reprice(u, 0, RENT, '10.21')


def _nonurse(u):
    rows = person_rows(u, 'UPSIKYU', 1)
    det = [r for r in rows if r[8] == '131111'][0]
    t = [r for r in rows if r[8] == '999999'][0]
    for k in (17, 18, 22, 24, 26, 28):
        t[k - 1] = str(int(t[k - 1]) - int(det[k - 1]))
    u.get('UPSIKYU').rows.remove(det)


def _overlimit(u):
    p = u.people[0]
    rng = random.Random(7)
    s = [svc(HOME, '111211', 387, [MONTH + '%02d' % k for k in range(1, 32)], '0930', '1030', price='10.21'),
         svc(HOME, '117311', 220, [MONTH + '%02d' % k for k in range(1, 32)], '1700', '1750', price='10.21')]
    a, b = use_rows(p, s)
    for f, rows in ((u.get('UPPLAN'), a), (u.get('UPSIKYU'), b)):
        f.rows = [r for r in f.rows if r[2] != p['no']] + rows


# =============================================================== J units
d('u-planonly', 'use67', '*:*', 'E', 'B02', '6表だけ(7表と補足が無い)', lambda u: (u.drop('UPSIKYU'), u.drop('UPHOSOKU')))
d('u-nosikyu', 'use67', '*:*', 'E', 'B02', '7表が無い', lambda u: u.drop('UPSIKYU'))
d('u-nohosoku', 'use67', '*:*', 'E', 'B02', '補足が無い', lambda u: u.drop('UPHOSOKU'))
d('u-noplan', 'use67', '*:*', 'E', 'B02 K03', '6表が無い', lambda u: u.drop('UPPLAN'), 1)
d('u-no3', 'plan123', '*:*', 'E', 'B02', '3表が無い(第3版のまま)', lambda u: u.drop('UP3KYO'))
d('u-no2', 'plan123', '*:*', 'E', 'B02', '2表が無い', lambda u: u.drop('UP2KYO'))
d('u-no1', 'plan123', '*:*', 'E', 'B02 K01', '1表が無い', lambda u: u.drop('UP1KYO'), 1)
d('u-nohos1', 'plan123', '*:*', 'E', 'B02', '1～3表に補足が無い', lambda u: u.drop('UPHOSOKU'))
d('u-plan-jsk', 'use67', '*:*', 'E', 'B01', '予定と実績(UPJSK)が同じ連番', lambda u: u.add('UPJSK', pname('UPJSK', MONTH, CM, '43', HOME, '11', SEQ), [list(r) for r in u.get('UPPLAN').rows]))
d('u-jsk-dlt', 'actual', '*:*', 'E', 'B01', '実績と実績削除が同じ連番', lambda u: u.add('DLTJSK', pname('DLTJSK', JM, HOME, '11', CM, '43', JSEQ), [[VERSION, p['ins'], p['no'], JM, HOME, '11'] for p in u.people]))
d('u-plan-dlt', 'use67', '*:*', 'E', 'B01', '予定と予定削除が同じ連番', merge('dltplan'))
d('u-both-sets', 'plan123', '*:*', 'E', 'B01', '1～3表の一式と6・7表の一式が同じ連番', merge('use67', ('UPPLAN', 'UPSIKYU')))
d('u-subonly', 'yobo', '*:*', 'E', 'B02 K06', '支援計画の別表だけで本体が無い', lambda u: u.drop('UPYOBO'), 1)
d('u-kihonsub', 'kihon', '*:*', 'E', 'B02 K06', '基本情報の本体が無く別表1・2と画像だけ', lambda u: u.drop('UPKIHON'), 1)
d('u-nosub', 'yobo', '*:*', 'W', 'B02', '支援計画の別表が無い', lambda u: u.drop('UPYOBO_SUB'))
d('u-twojsk', 'actual', '*:*', 'W', 'F12 K09', '同じ事業所・種類・月の実績を2ファイル(サテライト別、1秒違い)に分けた', lambda u: u.add('UPJSK', pname('UPJSK', JM, HOME, '11', CM, '43', '20261105101501'), [list(r[:21]) + ['1'] + list(r[22:]) for r in u.get('UPJSK').rows[:3]]))
d('u-yobo-hos', 'yobo', '*:*', 'E', 'B01', '支援計画に利用者補足をつけている', lambda u: u.add('UPHOSOKU', pname('UPHOSOKU', '000000', HOKATSU, '46', CM, '43', SEQ), [hosoku(p, PLAN_DATE, '000000') for p in u.people]))
d('u-onepersonfile', 'use67', '*:*', 'W', 'B01 facts 5', '利用者ごとに6表のファイルを分け、連番が1秒ずつ違う(7表と補足は1つ)', lambda u: _split(u))
d('u-dlt1-with', 'plan123', '*:*', 'E', 'B01', '1表の削除を新しい1～3表と同じ連番で送る', merge('dlt1kyo'))


def _split(u):
    f = u.get('UPPLAN')
    u.drop('UPPLAN')
    for i, p in enumerate(u.people):
        u.add('UPPLAN', f.name.replace(SEQ, str(int(SEQ) + i)), [r for r in f.rows if r[2] == p['no']])


# =============================================================== K deletions
d('del1-nodate', 'dlt1kyo', 'DLT1KYO:4', 'E', 'K11', '削除の計画作成日が空', c('DLT1KYO', 0, 4, ''))
d('del1-month', 'dlt1kyo', 'DLT1KYO:4', 'E', 'F21', '削除の計画作成日が年月6桁', every('DLT1KYO', 4, '202611'))
d('delplan-month', 'dltplan', 'DLTPLAN:4', 'E', 'F11', '削除対象年月が名前の月と違う', every('DLTPLAN', 4, '202611'))
d('delplan-2', 'dltplan', 'DLTPLAN:4', 'E', 'F11', '2か月分の削除が1ファイルに', c('DLTPLAN', 1, 4, '202611'))
d('delplan-5', 'dltplan', 'DLTPLAN:*', 'E', 'F10', '予定の削除に余分な列(理由)', lambda u: (u.get('DLTPLAN').__setattr__('rows', [r + ['誤送信'] for r in u.get('DLTPLAN').rows])), 1)
d('deljsk-kind3', 'dltjsk', 'DLTJSK:6', 'E', 'F19', '実績削除の種類コードが110', every('DLTJSK', 6, '110'))
d('deljsk-kindempty', 'dltjsk', 'DLTJSK:6', 'E', 'K11', '実績削除の種類コードが空', every('DLTJSK', 6, ''))
d('deljsk-office', 'dltjsk', 'DLTJSK:5', 'I', 'R16 (類推)', '実績削除の事業者が送信元と違う', every('DLTJSK', 5, HOME2))
d('deljsk-officeempty', 'dltjsk', 'DLTJSK:5', 'E', 'K11', '実績削除の事業者コードが空', c('DLTJSK', 0, 5, ''))
d('deljsk-cols', 'dltjsk', 'DLTJSK:*', 'E', 'F10', '実績削除が4列(事業者と種類が無い)', cols('DLTJSK', lambda r: r[:4]), 1)
d('deljsk-kind33', 'dltjsk', 'DLTJSK:6', 'W', 'rules 8', '実績削除の種類が33(対象外)', every('DLTJSK', 6, '33'))
d('delkihon-date6', 'dltkihon', 'DLTKIHON:4', 'E', 'F21', '相談日が6桁202611', every('DLTKIHON', 4, '202611'))
d('delyobo-noinsured', 'dltyobo', 'DLTYOBO:3', 'E', 'F18', '被保険者番号が空', c('DLTYOBO', 0, 3, ''))
d('delyobo-wareki', 'dltyobo', 'DLTYOBO:4', 'E', 'F21', '計画作成日がR081115', every('DLTYOBO', 4, 'R0811150'))
d('delplan-dup', 'dltplan', 'DLTPLAN:*;DLTPLAN:3', 'I', 'K12 (類推)', '同じ人・月の削除が2行', dup_row('DLTPLAN', 0))
d('delplan-nomonthname', 'dltplan', 'DLTPLAN:*', 'E', 'F13', '予定削除の名前に対象年月が無い', rename('DLTPLAN', lambda n: n.replace('_202612_', '_')))

# =============================================================== L actuals
d('j-office', 'actual', 'UPJSK:20', 'W', 'R16', '実績のサービス事業者コードが送信元でなく居宅の番号(全行)', every('UPJSK', 20, CM), 1)
d('j-updater', 'actual', 'UPJSK:24', 'W', 'R15', '実績の更新業者コードが居宅の番号(全行)', every('UPJSK', 24, CM), 1)
d('j-month', 'actual', 'UPJSK:10', 'E', 'R01', '実績の利用日に前月の行がある', c('UPJSK', 0, 10, '20260930'))
d('j-month-rec', 'actual', 'UPJSK:5', 'E', 'F11', '実績の対象年月が全行202611(名前と利用日は202610)', every('UPJSK', 5, '202611'), 1)
d('j-timeblank', 'actual', 'UPJSK:12;UPJSK:13', 'E', 'F18', '実績の時刻が全行で空', seqfn(every('UPJSK', 12, ''), every('UPJSK', 13, '')), 1)
d('j-nounits', 'actual', 'UPJSK:8', 'W', 'rules 6 (?)', '実績の単位数が空(1行)', c('UPJSK', 0, 8, ''))
d('j-notais', 'actual17', 'UPJSK:16;UPJSK:17', 'E', 'R08', '実績の171007にTAISも届出コードも無い', c('UPJSK', 0, 16, ''))
d('j-codeempty', 'actual', 'UPJSK:15', 'E', 'F18', '実績のサービスコードが空', c('UPJSK', 0, 15, ''))
d('j-hos', 'actual', 'UPJSK:3', 'E', 'P06', '実績で生保単独の番号が先頭Hの抜けた9桁', lambda u: [r.__setitem__(2, r[2][1:]) for r in u.get('UPJSK').rows if r[2].startswith('H')], 1)
d('j-2400', 'actual', 'UPJSK:13', 'E', 'F21', '実績の終了時刻が2530', c('UPJSK', 0, 13, '2530'))
d('j-planlayout', 'actual', 'UPJSK:*', 'E', 'F10', '実績が第3版の22列で202407', cols('UPJSK', lambda r: r[:15] + r[18:]), 1)
d('j-count-neg', 'actual', 'UPJSK:14', 'W', 'F21', '取消しを回数-1で表す', c('UPJSK', 0, 14, '-1'))

# =============================================================== M prevention
d('k-03', 'kihon', 'UPKIHON:9;UPKIHON:8', 'W', 'R40', '相談方法03なのにその他の内容が空', c('UPKIHON', 0, 8, '03'))
d('k-02', 'kihon', 'UPKIHON:13;UPKIHON:12', 'W', 'R40', '現況02なのに状況補足が空', c('UPKIHON', 0, 12, '02'))
d('k-itaku', 'kihon', 'UPKIHON:6', 'W', 'R41', '委託の有無が空', every('UPKIHON', 6, ''))
d('y-itaku', 'yobo', 'UPYOBO:6', 'W', 'R41', '支援計画の委託の有無が空', every('UPYOBO', 6, ''))
d('k-noimage', 'kihon', 'UPKIHON:62;*:*', 'E', 'R42', '画像ファイルが入っていない(1人分)', lambda u: u.blobs.pop(sorted(u.blobs)[0]))
d('k-imagename', 'kihon', 'UPKIHON:62', 'E', 'R42', '画像ファイル名の項目が「家系図.jpg」', c('UPKIHON', 0, 62, '家系図.jpg'))
d('k-imagepath', 'kihon', 'UPKIHON:62', 'E', 'R42', '画像ファイル名にパス(C:\\CARE\\…)がついている', c('UPKIHON', 0, 62, lambda v: 'C:\\CARE\\' + v))
d('k-imagepng', 'kihon', '*:*', 'W', 'R42 (JPEG)', '画像の中身がPNG', lambda u: u.blobs.__setitem__(sorted(u.blobs)[0], b'\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x00IEND\xaeB`\x82'))
d('k-imageempty', 'kihon', '*:*', 'W', 'R42 (JPEG)', '画像が0バイト', lambda u: u.blobs.__setitem__(sorted(u.blobs)[0], b''))
d('k-imageextra', 'kihon', '*:*', 'W', 'R42 B07', 'どの行からも参照されない画像がある', lambda u: u.blobs.__setitem__(sorted(u.blobs)[0].replace('_0001', '_0009'), JPEG))
d('k-image2', 'kihon', 'UPKIHON:62;*:*', 'W', 'B07', '2人が同じ画像を指す', c('UPKIHON', 1, 62, lambda v: v.replace('_0002', '_0001')))
d('k-imageupper', 'kihon', 'UPKIHON:62;*:*', 'W', 'R42', '項目は.jpg、ファイルは.JPG', lambda u: u.blobs.__setitem__(sorted(u.blobs)[0].replace('.jpg', '.JPG'), u.blobs.pop(sorted(u.blobs)[0])))
d('k-dementia', 'kihon', 'UPKIHON:22', 'E', 'F20', '認知症自立度が「Ⅱ」', every('UPKIHON', 22, 'Ⅱ'), 0)
d('k-disability', 'kihon', 'UPKIHON:21', 'E', 'F20', '障害自立度が「A1」', every('UPKIHON', 21, 'A1'))
d('k-sub1date', 'kihon', 'UPKIHON_SUB1:4;UPKIHON_SUB1:*', 'E', 'K06', '別表1の相談日が親と違う(1人の全行)', lambda u: [r.__setitem__(3, '20261111') for r in u.get('UPKIHON_SUB1').rows[:3]], 1)
d('k-sub2insured', 'kihon', 'UPKIHON_SUB2:3;UPKIHON_SUB2:*', 'E', 'K06', '別表2の被保険者番号が親に無い', c('UPKIHON_SUB2', 0, 3, '0099999999'))
d('y-subdate', 'yobo', 'UPYOBO_SUB:4;UPYOBO_SUB:*', 'E', 'K06', '別表の計画作成日が全行親と違う', every('UPYOBO_SUB', 4, '20261110'), 1)
d('k-floor', 'kihon', 'UPKIHON:35', 'E', 'F19', '自室の階数が「2階」', every('UPKIHON', 35, '2階建'))
d('y-count', 'yobo', 'UPYOBO:43', 'E', 'F19', 'チェックリスト該当数が10', c('UPYOBO', 0, 43, '10'))
d('y-program', 'yobo', 'UPYOBO:50', 'E', 'F20', 'プログラムの要否が0', every('UPYOBO', 50, '0'))
d('y-issue', 'yobo', 'UPYOBO:26', 'E', 'F20', '課題の有無が「有」', every('UPYOBO', 26, '有'))
d('k-flag2', 'kihon', 'UPKIHON:40', 'E', 'F20', '経済状況(生活保護)が2', c('UPKIHON', 0, 40, '2'))
d('k-date5', 'kihon', 'UPKIHON:4;UPKIHON:*', 'E', 'F21', '相談日が6桁(仕様の例の形)で全ファイル', allfiles(4, '202611'), 1)
d('k-sub2course', 'kihon', 'UPKIHON_SUB2:10', 'E', 'F20', '経過が「治療中」', every('UPKIHON_SUB2', 10, '治療中'), 1)
d('k-70', 'kihon', 'UPKIHON:*', 'E', 'F10', '基本情報が70列(同意者氏名なし)', cols('UPKIHON', cut(71)), 1)
d('k-plantype', 'kihon', 'UPKIHON:5', 'E', 'F20', '計画種類が3', c('UPKIHON', 0, 5, '3'))
d('y-plantype', 'yobo', 'UPYOBO:5', 'E', 'F18', '計画種類が空', every('UPYOBO', 5, ''))
d('y-subno', 'yobo', 'UPYOBO_SUB:5', 'W', 'F21 (medium)', '課題ＮＯが丸数字①', every('UPYOBO_SUB', 5, '①'), 1)
d('y-category', 'yobo', 'UPYOBO:12', 'E', 'F20', '計画書区分が01', every('UPYOBO', 12, '01'))
d('k-dup', 'kihon', 'UPKIHON:*;UPKIHON:3', 'W', 'K12', '基本情報に同じ人・相談日が2行', dup_row('UPKIHON', 0))
d('y-dup', 'yobo', 'UPYOBO:*;UPYOBO:3', 'W', 'K12', '支援計画に同じ人・日が2行', dup_row('UPYOBO', 0))
d('y-subdup', 'yobo', 'UPYOBO_SUB:*;UPYOBO_SUB:14', 'W', 'R43', '別表で課題・支援計画・利用サービスの番号が同じ2行', dup_row('UPYOBO_SUB', 0))


# =============================================================== legal variants
def ok(slug, base, what, fn, why):
    LEGAL.append({'id': 'L%03d-%s' % (len(LEGAL) + 1, slug), 'base': base, 'what': what, 'why': why, 'fn': fn})


def attr(**kw):
    return lambda u: [setattr(f, k, v) for f in u.files for k, v in kw.items()]


NOP = lambda u: None                                        # noqa
for _b in ('plan123', 'use67', 'prev67', 'actual', 'actual17', 'kihon', 'yobo', 'yobokihon', 'dlt1kyo', 'dltplan', 'dltjsk', 'dltkihon', 'dltyobo'):
    ok('base-' + _b, _b, 'そのままの正しい単位(%s)' % _b, NOP, '標準どおり')
ok('base-diem', 'diem67', '日割(31桁)で実際の利用日ごとに行、7表の日数は1の数', NOP, 'R05, masters 7, L UPPLAN 10')
ok('lf', 'use67', '改行がLFだけ', attr(eol='\n'), 'F05')
ok('nofinal', 'use67', '最後の改行なし', attr(final_eol=False), 'F05')
ok('quote-all', 'use67', 'すべての項目を引用符で囲む', attr(quote='all'), 'F05')
ok('empty-bare', 'plan123', '空の自由記述を引用符なしで空にする', attr(quote='free-nonempty'), 'F05 D open-questions')
ok('ibm-fa', 'use67', '髙﨑濵栁をFA-FC(Windowsの値)で', lambda u: (u.get('UPHOSOKU').set(0, 6, '髙﨑　濵栁'),), 'masters 8')
ok('ibm-ed', 'use67', '髙﨑をED/EE(NEC選定)で', lambda u: (u.get('UPHOSOKU').set(0, 6, '髙﨑　德'), setattr(u.get('UPHOSOKU'), 'encoder', lambda t: ms932(t, True))), 'facts F8')
ok('halfkana', 'use67', 'フリガナが半角カナ', every('UPHOSOKU', 5, 'ｶｸｳ ﾀﾛｳ'), 'open-questions E')
ok('text-marks', 'plan123', '自由記述に①Ⅰ㈱℡㎝～－と改行、半角カンマ、二重引用符', c('UP1KYO', 0, 24, '①見守り, ②「"自立"」Ⅰ～Ⅲ\r\n㈱架空 ℡000－0000 50㎝'), 'F04 masters 8')
ok('text-lf', 'plan123', '自由記述の中の改行がLFだけ', c('UP1KYO', 0, 22, '本人：\n家族：\n'), 'F04')
ok('daikibo', 'use67', '大規模型通所で18が17より大きい', lambda u: _services(u, 0, [svc(HOME, '111211', 387, weekdays(MONTH, 1), '0930', '1030', price='10.21'), svc(DAYBIG, '154811', 623, weekdays(MONTH, 3, 4), '0930', '1645', price='10.14', lunits=669)]), 'facts F2, R23')
ok('eeee', 'use67', '対象外の小計EEEEを出す(任意)', lambda u: _rebuild(u, eeee=True), 'R21')
ok('subtotal-money', 'use67', '金額を小計の行だけで計算する(明細は17,18まで)', lambda u: _rebuild(u, money='subtotal'), 'R27, masters 5')
ok('no18', 'use67', '給付管理単位数を全行空にする(大規模型なし)', lambda u: _rebuild(u, with18=False), 'R23')
ok('30over', 'use67', '短期入所30日超: 同じコードが給付率90の行と0の行、ZZZZ小計', lambda u: _over30(u), 'masters 7, R21')
ok('t2-repeat', 'plan123', '2表の課題・目標を全行に繰り返す', lambda u: _t2repeat(u), 'R31')
ok('yobosub-bare', 'yobo', '別表の番号を引用符なしで', lambda u: setattr(u.get('UPYOBO_SUB'), 'free', [i >= 4 and i not in (4, 9, 13) for i in range(17)]), 'C11')
ok('union', 'use67', '広域連合など一覧に無い保険者番号(検証番号は正しい)', allfiles(2, insurer('47381')), 'masters 2')
ok('jsk-zero', 'actual', '実績の率加算の単位数が0', lambda u: [r.__setitem__(7, '0') for r in u.get('UPJSK').rows if r[14] == '116275'], 'R12')
ok('jsk-mixed', 'actual', '1つの実績に訪問介護と福祉用具(同じ事業所)', lambda u: u.get('UPJSK').rows.append(use_rows(u.people[0], [svc(HOME, '171010', 100, [JM + '01'], tais='00003-000030', ename='つえ')], JM, CM, JC, updated=HOME)[0][0]), 'C6')
ok('satellite', 'actual', 'サテライト枝番1と2が同じファイルに', lambda u: [r.__setitem__(21, str(1 + i % 2)) for i, r in enumerate(u.get('UPJSK').rows)], 'R13 P04')
ok('same-tais', 'use67', '同じTAISコードの品が1人に2つ(単位は違う)', lambda u: _services(u, 0, [svc(HOME, '111211', 387, weekdays(MONTH, 1), '0930', '1030', price='10.21'), svc(RENT, '171007', 300, [MONTH + '01'], tais='00001-000010', ename='手すり小'), svc(RENT, '171007', 350, [MONTH + '01'], tais='00001-000010', ename='手すり大')]), 'facts F5')
ok('todoke', 'use67', '届出コードだけの福祉用具', lambda u: _services(u, 0, [svc(HOME, '111211', 387, weekdays(MONTH, 1), '0930', '1030', price='10.21'), svc(RENT, '171008', 200, [MONTH + '01'], todoke='00005-000050', ename='スロープ')]), 'R08')
ok('sixseven-disc', 'prev67', '67の同じコード・同じ単位2品に明細判別コード', lambda u: _services(u, 0, prev_services()[:3] + [svc(RENT, '671010', 100, [MONTH + '01'], tais='00003-000030', ename='つえ甲', disc='1'), svc(RENT, '671010', 100, [MONTH + '01'], tais='00003-000031', ename='つえ乙', disc='2')]), 'C12')
ok('monthly-dates', 'prev67', '月額の総合事業(A21111)を実際の利用日ごとに書き、7表は1回', lambda u: _services(u, 0, [svc(A2OFF, 'A21111', 1176, weekdays(MONTH, 2), '1000', '1045', price='10.21', days=1)]), 'R01, R06, L UPPLAN 10')
ok('letter-code', 'prev67', '項目に英字のあるコード(A2D202)', lambda u: _services(u, 1, [svc(A2OFF, 'A22411', 287, weekdays(MONTH, 2), '1000', '1045', price='10.21'), svc(A2OFF, 'A2C201', -12, weekdays(MONTH, 2), '1000', '1045', price='10.21')][:1] + [svc(A2OFF, 'A2D202', 100, weekdays(MONTH, 2)[:1], '1000', '1045', price='10.21')]), 'R07')
ok('muni-price', 'prev67', '総合事業の単価が市町村独自(10.00)と給付率70', lambda u: (u.people[0].__setitem__('rate', 70), _services(u, 0, [svc(A2OFF, 'A22411', 287, weekdays(MONTH, 2), '1000', '1045', price='10.00')])), 'masters 5')
ok('rates', 'use67', '給付率80と70の人', lambda u: (u.people[0].__setitem__('rate', 80), u.people[1].__setitem__('rate', 70), _rebuild(u)), 'benefit_rates')
ok('rate100', 'use67', '災害の免除で給付率100の人', lambda u: (u.people[0].__setitem__('rate', 100), _rebuild(u)), 'benefit_rates')
ok('discount', 'use67', '割引後率95と割引後単位数のある通所介護', lambda u: _services(u, 0, [svc(HOME, '111211', 387, weekdays(MONTH, 1), '0930', '1030', price='10.21'), svc(DAY, '152441', 658, weekdays(MONTH, 3), '0930', '1645', price='10.14', disc_rate=95)]), 'R12, UPSIKYU 14-15')
ok('overlimit', 'use67', '限度額を超え、21と22に正しく分けて29に自費', lambda u: _legal_over(u), 'masters 5')
ok('order', 'use67', '6表の行の順が日付でなくコード順', lambda u: u.get('UPPLAN').rows.sort(key=lambda r: (r[2], r[14], r[9])), 'D open-questions')
ok('two-a-day', 'use67', '同じコードを1日に2回(時刻違い)と回数2の訪問リハ', lambda u: _services(u, 0, [svc(HOME, '111211', 387, [(MONTH + '01', '0830', '0930'), (MONTH + '01', '1730', '1830')], price='10.21'), svc(NURSE, '142111', 308, weekdays(MONTH, 2), '1300', '1340', count='2', price='10.17')]), 'R06 (1日に複数回)')
ok('addrblank', 'use67', '任意の項目をすべて空に(補足)', lambda u: [r.__setitem__(i, '') for r in u.get('UPHOSOKU').rows for i, col in enumerate(LAYOUT['UPHOSOKU']) if col['required'] == 'no'], 'F18')
ok('forward-jsk', 'actual', '委託: 居宅が実績を地域包括へ転送(送信元43、行はサービス事業所)', rename('UPJSK', lambda n: n.replace(HOME + '_11_' + CM + '_43', CM + '_43_' + HOKATSU + '_46')), 'R16, P05')
ok('forward-plan', 'prev67', '委託: 居宅が予定を地域包括(46)へ送る(受信先の行は無い)', rename_all(lambda n: n.replace(A2OFF + '_A2', HOKATSU + '_46')), 'P02')
ok('kind-AF', 'prev67', '地域包括(AF)が総合事業の予定を送る', lambda u: (rename_all(lambda n: n.replace(CM + '_43', HOKATSU + '_AF'))(u), [every(f.kind, {'UPPLAN': 24, 'UPSIKYU': 36, 'UPHOSOKU': 61}[f.kind], HOKATSU)(u) for f in u.files], every('UPPLAN', 6, HOKATSU)(u), every('UPHOSOKU', 60, HOKATSU)(u)), 'F16')
ok('kihon-other', 'kihon', '緊急連絡先の住所欄に住所以外(携帯)、別表の自由な日付', lambda u: (c('UPKIHON', 0, 48, '携帯 090-0000-0000')(u), c('UPKIHON', 0, 43, '勤務先')(u), c('UPKIHON_SUB2', 0, 5, '昭和の終わり頃')(u), c('UPKIHON_SUB1', 0, 5, '朝')(u)), 'R45, rules 7')
ok('dlt-h', 'dltplan', '削除に生保単独のH番号', c('DLTPLAN', 0, 3, 'H123456789'), 'P06')
ok('two-seqs', 'use67', '別の連番の1～3表と6・7表が同じ所にある', lambda u: [u.files.append((f, setattr(f, 'name', f.name.replace(SEQ, '20261125093000')))[0]) for f in X.plan123(1).files], 'B04')
ok('jutoku', 'use67', '住所地特例の人の保険者番号が県外(全ファイルで同じ)', lambda u: [r.__setitem__(1, insurer('12228')) for f in u.files for r in f.rows if r[2] == u.people[1]['no']], 'P07')
ok('v3-old', 'actual', '2025年3月以前の実績を第3版(202208、旧名)で', lambda u: (rename('UPJSK', lambda n: n.replace('_202610_', '_202503_').replace(JSEQ, '20250405101500'))(u), every('UPJSK', 5, '202503')(u), every('UPJSK', 4, '20250405')(u), every('UPJSK', 10, lambda v: '202503' + v[6:])(u), X.to_v3(u)), 'F09 rules 10')
ok('sub-noimage', 'kihon', '画像の無い基本情報(62は空)と一式', lambda u: (u.blobs.clear(), every('UPKIHON', 62, '')(u)), 'R42 (任意)')
ok('yobo-blank', 'yobo', '別表で空欄の利用サービス(自助だけの支援計画)', lambda u: [u.get('UPYOBO_SUB').set(2, k, '') for k in (15, 16, 17)], 'R43')
ok('t2-uninsured', 'plan123', '保険外(N)の行で種別・事業者・頻度・期間がすべて空', lambda u: [u.get('UP2KYO').set(2, k, '') for k in (16, 17, 18, 19, 20)], 'L UP2KYO 17')
ok('zero-limit19', 'use67', '使わない種類支給限度の19に0、20に内単位と同じ値', lambda u: [(r.__setitem__(18, '0'), r.__setitem__(19, r[21])) for r in u.get('UPSIKYU').rows if r[21]], 'R27')
ok('pref-1114', 'use67', '千葉県の医科の番号(末尾7桁の検証番号)の訪問看護', lambda u: [[r.__setitem__(k, '12' + '1' + _med('910123')) for k in range(len(r)) if r[k] == NURSE] for f in u.files for r in f.rows], 'masters 1')
ok('phone-free', 'kihon', '電話番号の書き方が不揃い(括弧、空白)', lambda u: (c('UPKIHON', 0, 19, '(000)000-0000')(u), c('UPKIHON', 1, 19, '000 000 0000')(u)), 'phone 書式の指定なし')
ok('one-person', 'use67', '1人だけの単位', lambda u: [setattr(f, 'rows', [r for r in f.rows if r[2] == u.people[0]['no']]) for f in u.files], '-')
ok('round-1', 'use67', '費用総額を行ごとに切り上げる製品(1円の差)', lambda u: [(r.__setitem__(23, str(int(r[23]) + 1)), r.__setitem__(27, str(int(r[27]) + 1))) for r in u.get('UPSIKYU').rows if r[8][2:] not in ('AAAA', '9999') and r[22] != '10.00'], 'masters 5 (1行1円の差は許す)')
ok('subtotal-single', 'use67', 'コードが1つの種類にも小計13AAAAを出す', lambda u: _subtotal13(u), 'R21 (2つ以上で必須、1つでは禁止でない)')


def _med(d6):
    return d6 + str(check_digit(d6))


def _rebuild(u, **kw):
    rng = random.Random(1)
    [person(rng, i, '21') for i in range(3)]
    _replace(u, [base_services(rng, i) for i in range(3)], **kw)


def _replace(u, svcs, only=None, **kw):
    a, b = [], []
    old = {p['no']: ([r for r in u.get('UPPLAN').rows if r[2] == p['no']], [r for r in u.get('UPSIKYU').rows if r[2] == p['no']]) for p in u.people}
    for i, p in enumerate(u.people):
        if only is not None and i != only:
            x = old[p['no']]
        else:
            short = ('3', '4') if any(s['code'][:2] == '22' for s in svcs[i]) and not kw.get('short') else kw.get('short')
            x = use_rows(p, svcs[i], **{**kw, 'short': short})
        a += x[0]
        b += x[1]
    u.get('UPPLAN').rows, u.get('UPSIKYU').rows = a, b


def _services(u, who, services, **kw):
    _replace(u, {who: services}, only=who, **kw)


def _over30(u):
    s = [svc(HOME, '111211', 387, [MONTH + '29'], '0930', '1030', price='10.21'),
         svc(ROKEN, '221131', 864, [MONTH + '%02d' % k for k in range(1, 6)], price='10.14'),
         svc(ROKEN, '221131', 864, [MONTH + '06'], price='10.14', over30='1', rate=0)]
    _services(u, 1, s, short=('25', '6'))
    f = u.get('UPSIKYU')
    i = max(k for k, r in enumerate(f.rows) if r[8] == '221131')
    z = list(f.rows[i])
    z[8], z[12], z[15], z[32], z[11] = '22ZZZZ', '0', '0', '1', ''
    k = [j for j, r in enumerate(f.rows) if r[8] == '22AAAA'][0]
    f.rows.insert(k + 1, z)
    h = [r for r in u.get('UPHOSOKU').rows if r[2] == u.people[1]['no']][0]
    h[56], h[57] = '25', '31'


def _t2repeat(u):
    last = {}
    for r in u.get('UP2KYO').rows:
        for k in (7, 9, 10, 11, 12):
            key = (r[2], r[5], k) if k == 7 else (r[2], r[5], r[7], k)
            if r[k - 1]:
                last[key] = r[k - 1]
            elif key in last:
                r[k - 1] = last[key]


def _legal_over(u):
    days = [MONTH + '%02d' % k for k in range(1, 32)]
    s = [svc(HOME, '111211', 387, days, '0930', '1030', price='10.21'),
         svc(HOME, '117311', 220, days, '1700', '1750', price='10.21', over=387 * 31 + 220 * 31 - 16765)]
    _services(u, 0, s)
    h = u.get('UPHOSOKU').rows[0]
    h[55] = str(387 * 31 + 220 * 31 - 16765)


def _subtotal13(u):
    f = u.get('UPSIKYU')
    i = [k for k, r in enumerate(f.rows) if r[8] == '131111'][0]
    r = list(f.rows[i])
    r[8], r[12], r[15] = '13AAAA', '0', '0'
    f.rows.insert(i + 1, r)


# ------------------------------------------------------------ output
def build(item):
    u = X.BUILDERS[item['base']](1)
    item['fn'](u)
    return u


def write_labels(folder):
    with open(os.path.join(folder, 'labels.tsv'), 'w', encoding='utf-8') as fh:
        fh.write('id\tunit\tat\tseverity\tmany\tclause\twhat\n')
        for x in DEFECTS:
            fh.write('\t'.join([x['id'], x['base'], x['at'], x['sev'], 'yes' if x['many'] else 'no', x['clause'], x['what']]) + '\n')
    with open(os.path.join(folder, 'legal.tsv'), 'w', encoding='utf-8') as fh:
        fh.write('id\tunit\twhat\twhy\n')
        for x in LEGAL:
            fh.write('\t'.join([x['id'], x['base'], x['what'], x['why']]) + '\n')


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    for x in DEFECTS + LEGAL:
        build(x).write(os.path.join(out, x['id']))
    write_labels(out)
    print(len(DEFECTS), 'defects', len(LEGAL), 'legal')


if __name__ == '__main__':
    main()
