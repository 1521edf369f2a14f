//! 週間サービス計画表（第3表） (UP3KYO), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UP3KYO <no>`.

use crate::layout::layout;

layout! {
    V4_1 Up3kyo;
    // no  id                       項目名                           長   必須    書式          個人     確度   注
     1 CSV_VERSION              "CSVバージョン"                  6       Yes     CsvVersion    Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER           "保険者番号"                     6       Yes     InsurerNumber Public   High   "要介護者が属する自治体（保険者）のコード";
     3 INSURED_NUMBER           "被保険者番号"                   10      Yes     InsuredNumber Personal High   "10桁数字。生活保護単独はH＋数字9桁";
     4 WEEKLY_PLAN_CREATED_DATE "週間サービス計画表作成年月日"   8       Yes     Date          Public   High   "";
     5 PLAN_DATE                "居宅サービス計画作成（変更）日" 8       Yes     Date          Public   High   "1表とのキー";
     6 CARE_SERVICE_CONTENT     "介護サービス内容"               free    No      FreeText      Personal High   "週間サービスの行だけ";
     7 WEEKDAY                  "曜日"                           1       No      Code(WEEKDAY) Public   High   "介護サービス内容のある行で使う。1行1曜日";
     8 SERVICE_START_TIME       "開始時間"                       4       No      Time          Public   High   "介護サービス内容の開始";
     9 SERVICE_END_TIME         "終了時間"                       4       No      Time          Public   High   "介護サービス内容の終了";
    10 DAILY_ACTIVITY           "主な日常生活上の活動"           free    No      FreeText      Personal High   "活動の行だけ";
    11 ACTIVITY_START_TIME      "開始時間"                       4       No      Time          Public   High   "活動の開始";
    12 ACTIVITY_END_TIME        "終了時間"                       4       No      Time          Public   High   "活動の終了";
    13 NON_WEEKLY_SERVICE       "週単位以外のサービス"           free    No      FreeText      Personal High   "週単位以外の行だけ";
}
