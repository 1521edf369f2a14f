//! サービス利用票（実績）削除 (DLTJSK), 標準仕様 3.x (CSVバージョン 202208).
//!
//! One row per 項目 of the official table, in its order. Clause: `V3 L DLTJSK <no>`.

use crate::layout::layout;

layout! {
    V3 Dltjsk;
    // no  id                    項目名                 長   必須    書式          個人     確度   注
     1 CSV_VERSION           "CSVバージョン"        6       Yes     CsvVersion    Public   Medium "1ファイル内で混在不可。V3は202208（適用はサービス提供年月2023年1月から、V4.1の適用開始まで）";
     2 INSURER_NUMBER        "保険者番号"           6       Yes     InsurerNumber Public   Medium "要介護者が属する自治体（保険者）のコード";
     3 INSURED_NUMBER        "被保険者番号"         10      Yes     InsuredNumber Personal Medium "10桁数字。生活保護単独はH＋数字9桁";
     4 DELETE_TARGET_MONTH   "削除対象年月"         6       Yes     Month         Public   Medium "削除するサービス提供年月";
     5 SERVICE_OFFICE_NUMBER "サービス事業者コード" 10      Yes     OfficeNumber  Public   Medium "削除対象の事業者";
     6 SERVICE_KIND          "サービス種類コード"   2       Yes     ServiceKind   Public   Medium "削除は種類ごと";
}
