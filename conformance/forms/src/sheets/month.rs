//! サービス利用票: 第６表 and its 別表, 第７表.

use careplan_spec::layout::v4_1::{uphosoku, upjsk, upplan, upsikyu};
use careplan_spec::send_unit::Link;
use careplan_spec::{FileKind, Text};

use super::super::sheet::{
    Block, Grid, List, Look, Matrix, Sheet, Use, at, cell, column, fixed, row,
};

/// 第６表 サービス利用票.
pub(in super::super) static TABLE6: Sheet = Sheet {
    number: "第６表",
    title: Text::new(
        "サービス利用票（兼居宅（介護予防）サービス計画）",
        "service use slip, table 6",
    ),
    landscape: true,
    kinds: &[FileKind::Upplan, FileKind::Upjsk],
    one_each: false,
    reads: &[FileKind::Uphosoku],
    link: Link::ServiceMonth,
    blocks: &[
        Block::Grid(Grid {
            caption: "利用者と計画",
            heading: false,
            columns: 24,
            rows: &[
                row(&[
                    cell(
                        "対象年月",
                        2,
                        4,
                        &[
                            at(upplan::TARGET_MONTH).look(Look::Large),
                            at(upjsk::TARGET_MONTH).look(Look::Large),
                        ],
                    ),
                    cell("認定状況", 2, 3, &[at(uphosoku::CERTIFICATION_STATUS).choice()]),
                    cell(
                        "居宅介護支援事業者・担当者名",
                        3,
                        4,
                        &[
                            at(upplan::PLAN_OFFICE_NUMBER).after("　"),
                            at(upplan::PLAN_MANAGER_NAME),
                            at(upjsk::PLAN_OFFICE_NUMBER).after("　"),
                            at(upjsk::PLAN_MANAGER_NAME),
                        ],
                    ),
                    cell(
                        "作成年月日",
                        2,
                        4,
                        &[at(upplan::CREATED_DATE), at(upjsk::CREATED_DATE).line()],
                    ),
                ]),
                row(&[
                    cell(
                        "保険者番号",
                        2,
                        3,
                        &[at(upplan::INSURER_NUMBER), at(upjsk::INSURER_NUMBER)],
                    ),
                    cell(
                        "被保険者番号",
                        2,
                        3,
                        &[at(upplan::INSURED_NUMBER), at(upjsk::INSURED_NUMBER)],
                    ),
                    cell(
                        "被保険者氏名（フリガナ）",
                        3,
                        5,
                        &[
                            at(uphosoku::USER_NAME_KANA).look(Look::Number),
                            at(uphosoku::USER_NAME).look(Look::Large).line(),
                        ],
                    ),
                    cell("生年月日", 2, 4, &[at(uphosoku::USER_BIRTH_DATE)]),
                ]),
                row(&[
                    cell("性別", 2, 3, &[at(uphosoku::USER_SEX)]),
                    cell("要介護状態区分", 2, 3, &[at(uphosoku::CARE_LEVEL).look(Look::Large)]),
                    cell(
                        "前回の区分・変更日",
                        3,
                        5,
                        &[
                            at(uphosoku::PREVIOUS_CARE_LEVEL).after("　"),
                            at(uphosoku::CARE_LEVEL_CHANGED_DATE),
                        ],
                    ),
                    cell("認定日", 2, 4, &[at(uphosoku::CERTIFICATION_DATE)]),
                ]),
                row(&[
                    cell(
                        "区分支給限度基準額",
                        3,
                        3,
                        &[at(uphosoku::CATEGORY_LIMIT_UNITS).after(" 単位／月")],
                    ),
                    cell(
                        "限度額適用期間",
                        3,
                        8,
                        &[
                            at(uphosoku::LIMIT_START_DATE),
                            at(uphosoku::LIMIT_END_DATE).before("　～　"),
                        ],
                    ),
                    cell(
                        "前月までの短期入所利用日数",
                        4,
                        3,
                        &[
                            at(upplan::SHORT_STAY_DAYS_BEFORE_MONTH).after(" 日"),
                            at(upjsk::SHORT_STAY_DAYS_BEFORE_MONTH).after(" 日"),
                        ],
                    ),
                ]),
            ],
        }),
        Block::Month([
            Use {
                kind: FileKind::Upplan,
                label: "予定",
                month: upplan::TARGET_MONTH,
                date: upplan::SERVICE_DATE,
                count: upplan::SERVICE_COUNT,
                per_diem: upplan::PER_DIEM_BITMAP,
                start: upplan::SERVICE_START_TIME,
                end: upplan::SERVICE_END_TIME,
                code: upplan::SERVICE_CODE,
                units: upplan::UNITS,
                details: &[
                    at(upplan::EQUIPMENT_NAME).line(),
                    at(upplan::TAIS_CODE).before("TAIS ").look(Look::Number).line(),
                    at(upplan::EQUIPMENT_NOTIFICATION_CODE)
                        .before("届出 ")
                        .look(Look::Number)
                        .line(),
                    at(upplan::DETAIL_DISCRIMINATOR).before("　明細 "),
                    at(upplan::OVER_30_DAYS).look(Look::Tick("30日超")),
                ],
                office: &[
                    at(upplan::SERVICE_OFFICE_NAME),
                    at(upplan::SERVICE_OFFICE_NUMBER).look(Look::Number).line(),
                    at(upplan::SATELLITE_BRANCH_NO).before("　枝番 ").look(Look::Number),
                ],
            },
            Use {
                kind: FileKind::Upjsk,
                label: "実績",
                month: upjsk::TARGET_MONTH,
                date: upjsk::SERVICE_DATE,
                count: upjsk::SERVICE_COUNT,
                per_diem: upjsk::PER_DIEM_BITMAP,
                start: upjsk::SERVICE_START_TIME,
                end: upjsk::SERVICE_END_TIME,
                code: upjsk::SERVICE_CODE,
                units: upjsk::UNITS,
                details: &[
                    at(upjsk::EQUIPMENT_NAME).line(),
                    at(upjsk::TAIS_CODE).before("TAIS ").look(Look::Number).line(),
                    at(upjsk::EQUIPMENT_NOTIFICATION_CODE)
                        .before("届出 ")
                        .look(Look::Number)
                        .line(),
                    at(upjsk::DETAIL_DISCRIMINATOR).before("　明細 "),
                    at(upjsk::OVER_30_DAYS).look(Look::Tick("30日超")),
                ],
                office: &[
                    at(upjsk::SERVICE_OFFICE_NAME),
                    at(upjsk::SERVICE_OFFICE_NUMBER).look(Look::Number).line(),
                    at(upjsk::SATELLITE_BRANCH_NO).before("　枝番 ").look(Look::Number),
                ],
            },
        ]),
    ],
};

/// 第７表 サービス利用票別表.
pub(in super::super) static TABLE7: Sheet = Sheet {
    number: "第７表",
    title: Text::new("サービス利用票別表", "service use slip annex, table 7"),
    landscape: true,
    kinds: &[FileKind::Upsikyu],
    one_each: false,
    reads: &[FileKind::Uphosoku],
    link: Link::ServiceMonth,
    blocks: &[
        Block::Grid(Grid {
            caption: "利用者",
            heading: false,
            columns: 24,
            rows: &[row(&[
                cell("対象年月", 2, 4, &[at(upsikyu::TARGET_MONTH).look(Look::Large)]),
                cell("被保険者番号", 2, 3, &[at(upsikyu::INSURED_NUMBER)]),
                cell(
                    "被保険者氏名",
                    2,
                    4,
                    &[at(uphosoku::USER_NAME).look(Look::Large).after("　様")],
                ),
                cell("作成年月日", 2, 5, &[at(upsikyu::CREATED_DATE)]),
            ])],
        }),
        Block::List(List {
            caption: "区分支給限度管理・利用者負担計算",
            heading: true,
            kind: FileKind::Upsikyu,
            levels: &[],
            total: Some(upsikyu::SERVICE_CODE),
            least: 0,
            columns: &[
                column(
                    "事業所名",
                    88,
                    &[
                        at(upsikyu::SERVICE_OFFICE_NAME),
                        at(upsikyu::SATELLITE_BRANCH_NO).before("枝番 ").look(Look::Number).line(),
                    ],
                ),
                column("事業所番号", 68, &[at(upsikyu::SERVICE_OFFICE_NUMBER)]),
                column(
                    "サービス内容／種類",
                    92,
                    &[
                        at(upsikyu::SERVICE_CODE).look(Look::ServiceName),
                        at(upsikyu::EQUIPMENT_NAME).line(),
                        at(upsikyu::TAIS_CODE).before("TAIS ").look(Look::Number).line(),
                        at(upsikyu::EQUIPMENT_NOTIFICATION_CODE)
                            .before("届出 ")
                            .look(Look::Number)
                            .line(),
                        at(upsikyu::OVER_30_DAYS).look(Look::Tick("30日超")).line(),
                    ],
                ),
                column("サービスコード", 50, &[at(upsikyu::SERVICE_CODE)]),
                column("単位数", 36, &[at(upsikyu::UNITS)]).amount(),
                column("率％", 28, &[at(upsikyu::DISCOUNT_RATE)]).under("割引適用後").amount(),
                column("単位数", 36, &[at(upsikyu::DISCOUNTED_UNITS)]).under("割引適用後").amount(),
                column("回数", 28, &[at(upsikyu::COUNT_OR_DAYS)]).amount(),
                column("サービス単位／金額", 46, &[at(upsikyu::SERVICE_UNITS_OR_AMOUNT)]).amount(),
                column("給付管理単位数", 46, &[at(upsikyu::BENEFIT_MANAGEMENT_UNITS)]).amount(),
                column("基準を超える単位数", 42, &[at(upsikyu::KIND_LIMIT_OVER_UNITS)])
                    .under("種類支給限度")
                    .amount(),
                column("基準内単位数", 42, &[at(upsikyu::KIND_LIMIT_WITHIN_UNITS)])
                    .under("種類支給限度")
                    .amount(),
                column("基準を超える単位数", 42, &[at(upsikyu::CATEGORY_LIMIT_OVER_UNITS)])
                    .under("区分支給限度")
                    .amount(),
                column("基準内単位数", 42, &[at(upsikyu::CATEGORY_LIMIT_WITHIN_UNITS)])
                    .under("区分支給限度")
                    .amount(),
                column("単位数単価", 36, &[at(upsikyu::UNIT_PRICE)]).amount(),
                column("費用総額（保険／事業対象分）", 56, &[at(upsikyu::TOTAL_COST_INSURED)])
                    .amount(),
                column("給付率％", 30, &[at(upsikyu::BENEFIT_RATE)]).amount(),
                column("保険／事業費請求額", 56, &[at(upsikyu::INSURANCE_CLAIM_AMOUNT)]).amount(),
                column("定額利用者負担単価金額", 44, &[at(upsikyu::FIXED_COPAY_UNIT_AMOUNT)])
                    .amount(),
                column("保険／事業対象分", 46, &[at(upsikyu::USER_COPAY_INSURED)])
                    .under("利用者負担")
                    .amount(),
                column("全額負担分", 46, &[at(upsikyu::USER_COPAY_FULL)])
                    .under("利用者負担")
                    .amount(),
            ],
        }),
        Block::Matrix(Matrix {
            caption: "種類別支給限度管理",
            corner: "枠",
            heads: &[
                "サービス種類",
                "種類支給限度基準額（単位）",
                "合計単位数",
                "種類支給限度基準を超える単位数",
            ],
            skip_empty: true,
            rows: &[
                fixed(
                    "１",
                    &[
                        &[at(uphosoku::TYPE1_SERVICE_KIND)],
                        &[at(uphosoku::TYPE1_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE1_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE1_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed(
                    "２",
                    &[
                        &[at(uphosoku::TYPE2_SERVICE_KIND)],
                        &[at(uphosoku::TYPE2_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE2_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE2_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed(
                    "３",
                    &[
                        &[at(uphosoku::TYPE3_SERVICE_KIND)],
                        &[at(uphosoku::TYPE3_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE3_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE3_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed(
                    "４",
                    &[
                        &[at(uphosoku::TYPE4_SERVICE_KIND)],
                        &[at(uphosoku::TYPE4_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE4_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE4_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed(
                    "５",
                    &[
                        &[at(uphosoku::TYPE5_SERVICE_KIND)],
                        &[at(uphosoku::TYPE5_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE5_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE5_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed(
                    "６",
                    &[
                        &[at(uphosoku::TYPE6_SERVICE_KIND)],
                        &[at(uphosoku::TYPE6_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE6_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE6_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed(
                    "７",
                    &[
                        &[at(uphosoku::TYPE7_SERVICE_KIND)],
                        &[at(uphosoku::TYPE7_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE7_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE7_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed(
                    "８",
                    &[
                        &[at(uphosoku::TYPE8_SERVICE_KIND)],
                        &[at(uphosoku::TYPE8_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE8_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE8_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed(
                    "９",
                    &[
                        &[at(uphosoku::TYPE9_SERVICE_KIND)],
                        &[at(uphosoku::TYPE9_LIMIT_UNITS)],
                        &[at(uphosoku::TYPE9_TOTAL_UNITS)],
                        &[at(uphosoku::TYPE9_OVER_LIMIT_UNITS)],
                    ],
                ),
                fixed("合計", &[&[], &[], &[], &[at(uphosoku::TOTAL_OVER_LIMIT_UNITS)]]),
            ],
        }),
        Block::Grid(Grid {
            caption: "要介護認定期間中の短期入所利用日数",
            heading: true,
            columns: 24,
            rows: &[
                row(&[
                    cell(
                        "前月までの利用日数",
                        4,
                        4,
                        &[at(upsikyu::DAYS_USED_BEFORE_MONTH).after(" 日")],
                    ),
                    cell(
                        "当月の計画利用日数",
                        4,
                        4,
                        &[at(upsikyu::PLANNED_DAYS_THIS_MONTH).after(" 日")],
                    ),
                    cell("累積利用日数", 4, 4, &[at(upsikyu::DAYS_USED_CUMULATIVE).after(" 日")]),
                ]),
                row(&[
                    cell(
                        "補足情報：入所前月迄",
                        4,
                        4,
                        &[at(uphosoku::SHORT_STAY_DAYS_BEFORE_MONTH).after(" 日")],
                    ),
                    cell(
                        "補足情報：入所累積",
                        4,
                        12,
                        &[at(uphosoku::SHORT_STAY_DAYS_CUMULATIVE).after(" 日")],
                    ),
                ]),
            ],
        }),
    ],
};
