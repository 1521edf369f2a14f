//! 居宅サービス計画書（第2表） (UP2KYO), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UP2KYO <no>`.

use crate::layout::layout;

layout! {
    V4_1 Up2kyo;
    // no  id                         項目名                           長   必須    書式                    個人     確度   注
     1 CSV_VERSION                "CSVバージョン"                  6       Yes     CsvVersion              Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER             "保険者番号"                     6       Yes     InsurerNumber           Public   High   "要介護者が属する自治体（保険者）のコード";
     3 INSURED_NUMBER             "被保険者番号"                   10      Yes     InsuredNumber           Personal High   "10桁数字。生活保護単独はH＋数字9桁";
     4 PLAN_DOCUMENT_CREATED_DATE "居宅計画書作成年月日"           8       Yes     Date                    Public   High   "";
     5 PLAN_DATE                  "居宅サービス計画作成（変更）日" 8       Yes     Date                    Public   High   "1表とのキー";
     6 NEED_NO                    "課題ＮＯ"                       2       No      SequenceNumber          Public   High   "1～99。課題NO→援助目標NO→援助内容NOの順に並べると印刷順になる";
     7 NEED_TEXT                  "課題"                           free    No      FreeText                Personal High   "印刷時と同じく同一課題の2行目以降は空欄可";
     8 GOAL_NO                    "援助目標ＮＯ"                   2       No      SequenceNumber          Public   High   "課題に対する援助NO 1～99";
     9 LONG_TERM_GOAL             "長期目標"                       free    No      FreeText                Personal High   "";
    10 SHORT_TERM_GOAL            "短期目標"                       free    No      FreeText                Personal High   "";
    11 LONG_TERM_PERIOD           "長期期間"                       free    No      FreeText                Personal High   "";
    12 SHORT_TERM_PERIOD          "短期期間"                       free    No      FreeText                Personal High   "";
    13 SUPPORT_NO                 "援助内容ＮＯ"                   2       No      SequenceNumber          Public   High   "目標に対する内容NO 1～99";
    14 SERVICE_CONTENT            "サービス内容"                   free    No      FreeText                Personal High   "";
    15 INSURANCE_COVERED          "保険対象区分"                   1       No      Code(INSURANCE_COVERED) Public   High   "";
    16 SERVICE_KIND_TEXT          "サービス種別"                   free    No      FreeText                Personal High   "コードではなく文字列";
    17 SERVICE_OFFICE_NUMBER      "サービス事業者コード"           10      No      OfficeNumber            Public   High   "書式の説明なし。保険外サービスでは空になりうる（記載例でも空）";
    18 SERVICE_OFFICE_NAME        "サービス事業所名"               free    No      FreeText                Personal High   "";
    19 FREQUENCY                  "頻度"                           free    No      FreeText                Personal High   "";
    20 SERVICE_PERIOD             "実施期間"                       free    No      FreeText                Personal High   "";
    21 UPDATED_BY_OFFICE_NUMBER   "更新業者コード"                 10      No      OfficeNumber            Public   High   "居宅介護支援事業者番号";
    22 IDENTIFIER_UNUSED          "識別子"                         1       No      Unused                  Public   High   "使用しない項目。出力は空、入力は無視";
}
