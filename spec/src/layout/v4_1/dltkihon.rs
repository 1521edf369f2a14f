//! 利用者基本情報削除 (DLTKIHON), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L DLTKIHON <no>`.

use crate::layout::layout;

layout! {
    V4_1 Dltkihon;
    // no  id                項目名          長   必須    書式          個人     確度   注
     1 CSV_VERSION       "CSVバージョン" 6       Yes     CsvVersion    Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER    "保険者番号"    6       Yes     InsurerNumber Public   High   "要介護者が属する自治体のコード";
     3 INSURED_NUMBER    "被保険者番号"  10      Yes     InsuredNumber Personal High   "10桁数字。生活保護単独はH＋数字9桁";
     4 CONSULTATION_DATE "相談日"        8       Yes     Date          Public   High   "削除する利用者基本情報の相談日。別表1・2と画像も連動して削除";
}
