//! 利用者基本情報 別表1（1日の生活・すごし方） (UPKIHON_SUB1), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UPKIHON_SUB1 <no>`.

use crate::layout::layout;

layout! {
    V4_1 UpkihonSub1;
    // no  id                 項目名                   長   必須    書式          個人     確度   注
     1 CSV_VERSION        "CSVバージョン"          6       Yes     CsvVersion    Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER     "保険者番号"             6       Yes     InsurerNumber Public   High   "要介護者が属する自治体のコード。紐づく利用者基本情報の値と同じ";
     3 INSURED_NUMBER     "被保険者番号"           10      Yes     InsuredNumber Personal High   "10桁数字。生活保護単独はH＋数字9桁。紐づく利用者基本情報の値と同じ";
     4 CONSULTATION_DATE  "相談日"                 8       Yes     Date          Public   High   "親とのキー。紐づく利用者基本情報の相談日と同じ";
     5 TIME_TEXT          "時間"                   free    No      FreeText      Personal High   "時刻の書式は自由（記載例は6:00）";
     6 USER_ACTIVITY      "本人の生活状況"         free    No      FreeText      Personal High   "";
     7 CAREGIVER_ACTIVITY "介護者・家族の生活状況" free    No      FreeText      Personal High   "";
}
