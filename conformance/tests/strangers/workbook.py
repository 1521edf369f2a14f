"""workbook.py SHOWN MASKED REPORT FOLDER: two workbooks and a JSON report of the files in a folder.

The files are read by Python's csv module, which knows nothing of how we read them.
"""

import csv
import json
import pathlib
import sys

from openpyxl import load_workbook

shown_path, masked_path, report_path, folder = sys.argv[1:]
with open(report_path, encoding="utf-8") as file:
    report = json.load(file)
shown, masked = load_workbook(shown_path), load_workbook(masked_path)

# A sheet a file, every cell as it stands in the file, as text.
checked = [file for file in report["files"] if file["kind"]]
assert shown.sheetnames == ["overview", "findings", *(file["kind"] for file in checked)], shown.sheetnames
assert masked.sheetnames == shown.sheetnames
values, zeros = set(), 0
for file in checked:
    sheet = shown[file["kind"]]
    with open(pathlib.Path(folder) / pathlib.Path(file["path"]).name, encoding="cp932", newline="") as source:
        rows = list(csv.reader(source))
    assert sheet.max_row == len(rows) + 1, (file["path"], sheet.max_row, len(rows))
    assert sheet.auto_filter.ref and sheet.freeze_panes == "A2", file["path"]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            cell = sheet.cell(number + 2, column + 1)
            assert (cell.value or "") == value.replace("\r\n", "\n"), (file["path"], cell.coordinate, value, cell.value)
            assert cell.data_type == ("s" if value else "n"), (cell.coordinate, cell.data_type)
            assert not value or cell.number_format == "@", (cell.coordinate, cell.number_format)
            zeros += value.startswith("0") and len(value) > 1
        values.add(row[2])
assert zeros > 10, zeros

# The findings, and their cells coloured, with a note.
listed = list(shown["findings"].iter_rows(min_row=2, values_only=True))
assert [row[1] for row in listed] == [finding["code"] for finding in report["findings"]]
assert shown["findings"].auto_filter.ref == f"A1:P{len(listed) + 1}"
colours = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
for finding, row in zip(report["findings"], listed):
    file = next((file for file in report["files"] if file["path"] == finding["path"]), None)
    if file is None:
        continue
    address = f"{finding['column'] or 'A'}{finding['record'] + 1}"
    assert (row[4], row[5]) == (file["kind"], address), row
    cell = shown[file["kind"]][address]
    assert finding["code"] in cell.comment.text, (address, cell.comment.text)
    alone = [other for other in report["findings"]
             if (other["path"], other["record"], other["column"]) == (finding["path"], finding["record"], finding["column"])]
    if len(alone) == 1:
        assert cell.fill.fgColor.rgb == colours[finding["severity"]], (address, cell.fill.fgColor.rgb)
assert shown["overview"]["A1"].value.startswith("rejected: ")

# Nobody can be told from the other one.
text = [cell.value for sheet in masked for row in sheet.iter_rows() for cell in row if cell.value]
text += [cell.comment.text for sheet in masked for row in sheet.iter_rows() for cell in row if cell.comment]
for value in values:
    assert len(value) >= 9 and not any(value in str(part) for part in text), value
print(len(listed), len(values))
