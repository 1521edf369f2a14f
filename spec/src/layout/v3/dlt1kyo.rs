//! 居宅サービス計画書（第1表）削除 (DLT1KYO), 標準仕様 3.x (CSVバージョン 202208).
//!
//! One row per 項目 of the official table, in its order. Clause: `V3 L DLT1KYO <no>`.

use crate::layout::layout;

layout! {
    V3 Dlt1kyo;
    // no  id             項目名                           長   必須    書式          個人     確度   注
     1 CSV_VERSION    "CSVバージョン"                  6       Yes     CsvVersion    Public   Medium "1ファイル内で混在不可。V3は202208（適用はサービス提供年月2023年1月から、V4.1の適用開始まで）";
     2 INSURER_NUMBER "保険者番号"                     6       Yes     InsurerNumber Public   Medium "要介護者が属する自治体（保険者）のコード";
     3 INSURED_NUMBER "被保険者番号"                   10      Yes     InsuredNumber Personal Medium "10桁数字。生活保護単独はH＋数字9桁";
     4 PLAN_DATE      "居宅サービス計画作成（変更）日" 8       Yes     Date          Public   Medium "削除する計画書の計画作成（変更）日。2表も連動して削除（3表はV3に無い）";
}
