//! サービス利用票（第6表・予定） (UPPLAN), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UPPLAN <no>`.

use crate::layout::layout;

layout! {
    V4_1 Upplan;
    // no  id                           項目名                       長   必須    書式           個人     確度   注
     1 CSV_VERSION                  "CSVバージョン"              6       Yes     CsvVersion     Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER               "保険者番号"                 6       Yes     InsurerNumber  Public   High   "保険者番号。住所地特例は取込側で手動修正する前提なので不一致は警告まで";
     3 INSURED_NUMBER               "被保険者番号"               10      Yes     InsuredNumber  Personal High   "10桁数字。生活保護単独はH＋数字9桁";
     4 CREATED_DATE                 "作成年月日"                 8       Yes     Date           Public   High   "";
     5 TARGET_MONTH                 "対象年月"                   6       Yes     Month          Public   High   "サービス提供年月。ファイル名の対象年月と一致、1ファイル1か月";
     6 PLAN_OFFICE_NUMBER           "プラン担当業者コード"       10      Unclear OfficeNumber   Public   Medium "居宅介護支援事業者番号";
     7 PLAN_MANAGER_NAME            "プラン担当者名"             free    Unclear FreeText       Personal Medium "";
     8 UNITS                        "単位数"                     6       Unclear Integer        Public   Medium "割引後の1回あたり単位数。給付管理対象の共生型は月初日に減算単位数、他の日は0";
     9 SHORT_STAY_DAYS_BEFORE_MONTH "前月までの短期入所利用日数" 5       No      Integer        Public   High   "";
    10 SERVICE_DATE                 "サービス利用日"             8       Yes     Date           Public   High   "対象年月の中の日。福祉用具貸与（17）でも必須。包括請求は実際の利用予定日";
    11 PER_DIEM_BITMAP              "日割対象日"                 31      No      PerDiemBitmap  Public   High   "日割り請求のときだけ31桁の0/1（左端が1日、1が請求可能日）。それ以外は空";
    12 SERVICE_START_TIME           "サービス開始時刻"           4       Yes     TimeOrNines    Public   High   "予定の時刻。基本サービスに紐づく加算は同じ時刻。1回につきの単独加減算、入浴介助加算（Ⅰ）（Ⅱ）、個別機能訓練加算（Ⅰ）は時刻を入れる。率（パーセント）加算は除く";
    13 SERVICE_END_TIME             "サービス終了時刻"           4       Yes     TimeOrNines    Public   High   "開始時刻と同じ扱い";
    14 SERVICE_COUNT                "サービス回数"               2       Yes     Integer        Public   High   "1日に複数回算定できるサービスの回数";
    15 SERVICE_CODE                 "サービスコード"             6       Yes     ServiceCode    Public   High   "種類2桁＋項目4桁。最新のサービスコード表";
    16 TAIS_CODE                    "TAISコード"                 12      No      EquipmentCode  Public   High   "00001-000010の形。種類17・67では16か17のどちらかが必要";
    17 EQUIPMENT_NOTIFICATION_CODE  "福祉用具届出コード"         12      No      EquipmentCode  Public   High   "00001-000010の形。種類17・67では16か17のどちらかが必要";
    18 EQUIPMENT_NAME               "用具名称（機種名）"         free    No      FreeText       Personal High   "";
    19 DETAIL_DISCRIMINATOR         "明細判別コード"             unknown No      SequenceNumber Public   Low    "種類17で同一サービスコード・同一単位数の明細が複数あるとき1からの連番。それ以外は空";
    20 SERVICE_OFFICE_NUMBER        "サービス事業者コード"       10      Yes     OfficeNumber   Public   High   "予定の事業者コード";
    21 SERVICE_OFFICE_NAME          "サービス事業所名"           free    No      FreeText       Personal High   "予定の事業者名";
    22 SATELLITE_BRANCH_NO          "サテライト枝番"             2       No      Opaque         Public   High   "同一事業所番号・同一種類のサテライトを区別する番号。固有番号が無ければ1からの連番。サテライトでなければ空";
    23 OVER_30_DAYS                 "３０日超区分"               1       Yes     Code(APPLIES)  Public   High   "短期入所30日超";
    24 UPDATED_BY_OFFICE_NUMBER     "更新業者コード"             10      No      OfficeNumber   Public   High   "居宅介護支援事業者番号";
    25 IDENTIFIER_UNUSED            "識別子"                     1       No      Unused         Public   High   "使用しない項目。出力は空、入力は無視";
}
