//! 居宅サービス計画書: 第１表, 第２表, 第３表.

use careplan_spec::layout::v4_1::{up1kyo, up2kyo, up3kyo, uphosoku};
use careplan_spec::send_unit::Link;
use careplan_spec::{FileKind, Text};

use super::super::sheet::{Block, Grid, List, Look, Sheet, Week, at, cell, column, row, tall};

/// 第１表 居宅サービス計画書（１）.
pub(in super::super) static TABLE1: Sheet = Sheet {
    number: "第１表",
    title: Text::new("居宅サービス計画書（１）", "home care plan, table 1"),
    landscape: false,
    kinds: &[FileKind::Up1kyo],
    one_each: true,
    reads: &[FileKind::Uphosoku],
    link: Link::PlanDate,
    blocks: &[
        Block::Grid(Grid {
            caption: "計画の区分",
            heading: false,
            columns: 24,
            rows: &[row(&[
                cell("作成年月日", 3, 8, &[at(up1kyo::CREATED_DATE)]),
                cell(
                    "計画・認定",
                    3,
                    10,
                    &[
                        at(up1kyo::PLAN_CATEGORY).choice(),
                        at(up1kyo::CERTIFICATION_STATUS).choice().line(),
                    ],
                ),
            ])],
        }),
        Block::Grid(Grid {
            caption: "利用者と計画",
            heading: false,
            columns: 24,
            rows: &[
                row(&[
                    cell(
                        "利用者名",
                        3,
                        7,
                        &[
                            at(uphosoku::USER_NAME_KANA).look(Look::Number),
                            at(uphosoku::USER_NAME).look(Look::Large).after("　殿").line(),
                        ],
                    ),
                    cell("生年月日", 3, 6, &[at(uphosoku::USER_BIRTH_DATE)]),
                    cell("性別", 2, 3, &[at(uphosoku::USER_SEX)]),
                ]),
                row(&[cell(
                    "住所",
                    3,
                    21,
                    &[
                        at(up1kyo::USER_POSTAL_CODE).after("　"),
                        at(up1kyo::USER_ADDRESS1),
                        at(up1kyo::USER_ADDRESS2).before("　"),
                    ],
                )]),
                row(&[cell("居宅サービス計画作成者氏名", 6, 18, &[at(up1kyo::PLANNER_NAME)])]),
                row(&[cell(
                    "居宅介護支援事業者・事業所名及び所在地",
                    6,
                    18,
                    &[
                        at(up1kyo::PLANNER_OFFICE_NAME),
                        at(up1kyo::PLANNER_OFFICE_NUMBER).between("　（事業所番号 ", "）"),
                        at(up1kyo::PLANNER_OFFICE_POSTAL_CODE).after("　").line(),
                        at(up1kyo::PLANNER_OFFICE_ADDRESS1),
                        at(up1kyo::PLANNER_OFFICE_ADDRESS2).before("　"),
                    ],
                )]),
                row(&[
                    cell("居宅サービス計画作成（変更）日", 5, 7, &[at(up1kyo::PLAN_DATE)]),
                    cell("初回居宅サービス計画作成日", 5, 7, &[at(up1kyo::FIRST_PLAN_DATE)]),
                ]),
                row(&[
                    cell("認定日", 3, 7, &[at(up1kyo::CERTIFICATION_DATE)]),
                    cell(
                        "認定の有効期間",
                        4,
                        10,
                        &[
                            at(up1kyo::CERTIFICATION_START_DATE),
                            at(up1kyo::CERTIFICATION_END_DATE).before("　～　"),
                        ],
                    ),
                ]),
                row(&[cell("要介護状態区分", 4, 20, &[at(up1kyo::CARE_LEVEL).choice()])]),
            ],
        }),
        Block::Grid(Grid {
            caption: "意向・方針",
            heading: false,
            columns: 24,
            rows: &[
                row(&[tall(
                    "利用者及び家族の生活に対する意向を踏まえた課題分析の結果",
                    4,
                    20,
                    &[at(up1kyo::ISSUE_ANALYSIS_RESULT)],
                )]),
                row(&[tall(
                    "介護認定審査会の意見及びサービスの種類の指定",
                    4,
                    20,
                    &[at(up1kyo::REVIEW_BOARD_OPINION)],
                )]),
                row(&[tall("総合的な援助の方針", 4, 20, &[at(up1kyo::OVERALL_SUPPORT_POLICY)])]),
                row(&[cell(
                    "生活援助中心型の算定理由",
                    4,
                    20,
                    &[
                        at(up1kyo::LIVING_SUPPORT_REASON).choice(),
                        at(up1kyo::LIVING_SUPPORT_OTHER_REASON).between("（", "）"),
                    ],
                )]),
            ],
        }),
    ],
};

/// 第２表 居宅サービス計画書（２）.
pub(in super::super) static TABLE2: Sheet = Sheet {
    number: "第２表",
    title: Text::new("居宅サービス計画書（２）", "home care plan, table 2"),
    landscape: true,
    kinds: &[FileKind::Up2kyo],
    one_each: false,
    reads: &[FileKind::Uphosoku],
    link: Link::PlanDate,
    blocks: &[
        Block::Grid(Grid {
            caption: "利用者と計画",
            heading: false,
            columns: 24,
            rows: &[row(&[
                cell("利用者名", 2, 5, &[at(uphosoku::USER_NAME).look(Look::Large).after("　殿")]),
                cell("計画作成（変更）日", 3, 6, &[at(up2kyo::PLAN_DATE)]),
                cell("作成年月日", 2, 6, &[at(up2kyo::PLAN_DOCUMENT_CREATED_DATE)]),
            ])],
        }),
        Block::List(List {
            caption: "課題・目標・援助内容",
            heading: false,
            kind: FileKind::Up2kyo,
            levels: &[up2kyo::NEED_NO, up2kyo::GOAL_NO, up2kyo::SUPPORT_NO],
            total: None,
            least: 6,
            columns: &[
                column(
                    "生活全般の解決すべき課題（ニーズ）",
                    140,
                    &[at(up2kyo::NEED_NO).look(Look::Number), at(up2kyo::NEED_TEXT).line()],
                )
                .level(1),
                column(
                    "長期目標",
                    120,
                    &[at(up2kyo::GOAL_NO).look(Look::Number), at(up2kyo::LONG_TERM_GOAL).line()],
                )
                .under("目標")
                .level(2),
                column("（期間）", 75, &[at(up2kyo::LONG_TERM_PERIOD)]).under("目標").level(2),
                column("短期目標", 120, &[at(up2kyo::SHORT_TERM_GOAL)]).under("目標").level(2),
                column("（期間）", 75, &[at(up2kyo::SHORT_TERM_PERIOD)]).under("目標").level(2),
                column(
                    "サービス内容",
                    150,
                    &[
                        at(up2kyo::SUPPORT_NO).look(Look::Number),
                        at(up2kyo::SERVICE_CONTENT).line(),
                    ],
                )
                .under("援助内容"),
                column("※１", 45, &[at(up2kyo::INSURANCE_COVERED).look(Look::Sign("Y", "○"))])
                    .under("援助内容"),
                column("サービス種別", 85, &[at(up2kyo::SERVICE_KIND_TEXT)]).under("援助内容"),
                column(
                    "※２",
                    90,
                    &[
                        at(up2kyo::SERVICE_OFFICE_NAME),
                        at(up2kyo::SERVICE_OFFICE_NUMBER).look(Look::Number).line(),
                    ],
                )
                .under("援助内容"),
                column("頻度", 45, &[at(up2kyo::FREQUENCY)]).under("援助内容"),
                column("期間", 55, &[at(up2kyo::SERVICE_PERIOD)]).under("援助内容"),
            ],
        }),
        Block::Remark(
            "※１ 保険給付の対象となるかどうかの区分（対象内に○）　※２ 当該サービス提供を行う事業所",
        ),
    ],
};

/// 第３表 週間サービス計画表.
pub(in super::super) static TABLE3: Sheet = Sheet {
    number: "第３表",
    title: Text::new("週間サービス計画表", "weekly service plan, table 3"),
    landscape: true,
    kinds: &[FileKind::Up3kyo],
    one_each: false,
    reads: &[FileKind::Uphosoku],
    link: Link::PlanDate,
    blocks: &[
        Block::Grid(Grid {
            caption: "利用者と計画",
            heading: false,
            columns: 24,
            rows: &[row(&[
                cell("利用者名", 2, 5, &[at(uphosoku::USER_NAME).look(Look::Large).after("　殿")]),
                cell("計画作成（変更）日", 3, 6, &[at(up3kyo::PLAN_DATE)]),
                cell("作成年月日", 2, 6, &[at(up3kyo::WEEKLY_PLAN_CREATED_DATE)]),
            ])],
        }),
        Block::Week(Week {
            service: up3kyo::CARE_SERVICE_CONTENT,
            weekday: up3kyo::WEEKDAY,
            start: up3kyo::SERVICE_START_TIME,
            end: up3kyo::SERVICE_END_TIME,
            activity: up3kyo::DAILY_ACTIVITY,
            activity_start: up3kyo::ACTIVITY_START_TIME,
            activity_end: up3kyo::ACTIVITY_END_TIME,
            other: up3kyo::NON_WEEKLY_SERVICE,
        }),
    ],
};
