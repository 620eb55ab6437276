"""What can be wrong, by code, a sentence each in English and Chinese, so that every part of the tool says the same."""

from __future__ import annotations

# code: {language: (what is wrong, how to mend it)}. {given} and every parameter of the Problem may be named.
MESSAGES: dict[str, dict[str, tuple[str, str]]] = {
    # the file
    "file_missing": {
        "en": ("the file {given!r} is not there", "Check the name and the folder."),
        "zh": ("文件 {given!r} 不存在", "请检查文件名和目录。"),
    },
    "file_unreadable": {
        "en": ("the file {given!r} cannot be read: {reason}", "Check that it is a file you may read."),
        "zh": ("文件 {given!r} 无法读取：{reason}", "请检查文件权限。"),
    },
    "file_too_large": {
        "en": ("the file {given!r} has more than {limit} bytes", "Split it into several."),
        "zh": ("文件 {given!r} 超过 {limit} 字节", "请拆分成多个文件。"),
    },
    "file_empty": {
        "en": ("the file is empty", "Begin with {{ and give the keys of a case."),
        "zh": ("文件为空", "请以 {{ 开头并填写案例的各键。"),
    },
    "file_encoding": {
        "en": ("the file is {guess}, not UTF-8 text (byte {position})", "Save it as UTF-8 text and try again."),
        "zh": ("文件为 {guess}，不是 UTF-8 文本（第 {position} 字节）", "请另存为 UTF-8 文本后重试。"),
    },
    "file_not_writable": {
        "en": ("the file cannot be written: {reason}", "Name another file or free the place; nothing was written."),
        "zh": ("文件无法写入：{reason}", "请换一个文件名或释放空间；未写入任何内容。"),
    },
    "files_half_written": {
        "en": ("the file cannot be written: {reason}", "Free the place and try again; {placed} was already written."),
        "zh": ("文件无法写入：{reason}", "请释放空间后重试；{placed} 已写入。"),
    },
    "json_syntax": {
        "en": ("this is not JSON: {reason} (line {line}, column {column}, at {at})", "Mend the text at that place."),
        "zh": ("不是有效的 JSON：{reason}（第 {line} 行第 {column} 列，{at} 处）", "请修正该处文本。"),
    },
    "json_depth": {
        "en": ("objects are nested deeper than {limit} levels", "A case needs no more than a dozen levels."),
        "zh": ("对象嵌套超过 {limit} 层", "案例文件不需要超过十几层。"),
    },
    "json_duplicate_key": {
        "en": ("the key {given!r} stands more than once in one object", "Keep one of them."),
        "zh": ("键 {given!r} 在同一对象中重复出现", "请只保留一个。"),
    },
    "json_not_object": {
        "en": ("{given!r} was given, an object is expected", "Begin the file with {{ and give keys and values."),
        "zh": ("给出的是 {given!r}，应为对象", "文件应以 {{ 开头并包含各键及其值。"),
    },
    # keys and kinds
    "unknown_key": {
        "en": ("the key {given!r} is not known. Known: {known}", "{near}"),
        "zh": ("未知的键 {given!r}。可用：{known}", "{near}"),
    },
    "not_known": {
        "en": ("{given!r} is not known. Known: {known}", "{near}"),
        "zh": ("未知的值 {given!r}。可用：{known}", "{near}"),
    },
    "missing": {
        "en": ("nothing was given; {what} is needed", "Add it{example}."),
        "zh": ("未填写；需要 {what}", "请补充{example}。"),
    },
    "wrong_kind": {
        "en": ("{given!r} was given, {allowed} is expected", "Write {example}."),
        "zh": ("给出的是 {given!r}，应为 {allowed}", "请写成 {example}。"),
    },
    "duplicate": {
        "en": ("{given!r} is named twice", "Give each its own name."),
        "zh": ("{given!r} 出现两次", "请使用不同的名称。"),
    },
    "text_hidden": {
        "en": ("the text holds an invisible character (code {given})", "Type the text again without it."),
        "zh": ("文本含有不可见字符（编码 {given}）", "请重新输入文本。"),
    },
    "text_length": {
        "en": ("the text has {given} characters, {allowed} are allowed", "Write it out, or shorten it."),
        "zh": ("文本有 {given} 个字符，允许 {allowed}", "请补充或缩短文本。"),
    },
    "name_form": {
        "en": ("{given!r} cannot be a name here", "Begin with a letter (a-z), go on with letters, digits, - or _."),
        "zh": ("{given!r} 不能作为此处的名称", "请以字母（a-z）开头，其后使用字母、数字、- 或 _。"),
    },
    # numbers
    "not_finite": {
        "en": ("{given} is not a finite number", "Give a number such as 1250000 or 0.12."),
        "zh": ("{given} 不是有限数", "请给出如 1250000 或 0.12 的数字。"),
    },
    "too_large": {
        "en": ("{given} was given, at most {limit} is allowed", "{remedy}"),
        "zh": ("给出的是 {given}，最大允许 {limit}", "{remedy}"),
    },
    "too_small": {
        "en": ("{given} was given, at least {limit} is allowed", "{remedy}"),
        "zh": ("给出的是 {given}，最小允许 {limit}", "{remedy}"),
    },
    "not_above": {
        "en": ("{given} was given, more than {limit} is allowed", "{remedy}"),
        "zh": ("给出的是 {given}，必须大于 {limit}", "{remedy}"),
    },
    "not_below": {
        "en": ("{given} was given, less than {limit} is allowed", "{remedy}"),
        "zh": ("给出的是 {given}，必须小于 {limit}", "{remedy}"),
    },
    "range_leaves_bounds": {
        "en": (
            "this range reaches {given} once in a billion draws, beyond the limit {limit}",
            "State it as low, mode and high, which have ends.",
        ),
        "zh": ("该区间极端值达到 {given}，超出界限 {limit}", "请用 low、mode、high 表示有界区间。"),
    },
    "not_in_order": {
        "en": ("{given} was given, but it must hold that {allowed}", "Put the figures in order."),
        "zh": ("给出的是 {given}，但必须满足 {allowed}", "请按顺序填写。"),
    },
    "scenario_lengths": {
        "en": ("{values} values and {weights} weights were given", "Give each value its weight."),
        "zh": ("给出了 {values} 个值和 {weights} 个权重", "请为每个值填写权重。"),
    },
    "power_of_two": {
        "en": ("{given} was given, a power of two is needed", "Write 16384 while working, 131072 for a report."),
        "zh": ("给出的是 {given}，必须是 2 的幂", "工作时请写 16384，报告请写 131072。"),
    },
    "weights_sum": {
        "en": ("the weights add up to {given}, 1 is needed", "Let the shares of all parts add up to 1."),
        "zh": ("权重之和为 {given}，应为 1", "请使各部分权重之和等于 1。"),
    },
    "quantity_form": {
        "en": (
            "the keys {given} do not make a quantity",
            "Write a number, a list by year, or one of these sets of keys: {forms}.",
        ),
        "zh": (
            "键 {given} 不能构成一个量",
            "请写数字、逐年列表，或以下键的组合之一：{forms}。",
        ),
    },
    "not_by_year": {
        "en": ("a list of {given} figures was given, one figure is expected", "This input does not vary by year."),
        "zh": ("给出了 {given} 个数，应为一个数", "该输入不随年份变化。"),
    },
    "by_year_needed": {
        "en": ("one figure was given, a list by year is needed", "Write one figure a year, such as [100, 110, 121]."),
        "zh": ("给出了一个数，需要逐年列表", "请每年写一个数，如 [100, 110, 121]。"),
    },
    "years_differ": {
        "en": ("{given} years were given, {expected} where {other} is stated", "Let all lists cover the same years."),
        "zh": ("给出了 {given} 年，而 {other} 为 {expected} 年", "请使所有逐年列表覆盖相同年份。"),
    },
    "list_length": {
        "en": ("the list has {given} entries, {allowed} are allowed", "Add or remove entries."),
        "zh": ("给出了 {given} 项，允许 {allowed}", "请增减条目。"),
    },
    "source_missing": {
        "en": ("the figure replaces a stated default and gives no {given}", "Say who, why and until when."),
        "zh": ("该数替换了默认值但未说明 {given}", "请说明何人、为何、有效至何时。"),
    },
    # dates and reference figures
    "date_after": {
        "en": (
            "{given} lies after the valuation date {limit}",
            "Nothing known later may be used; give the earlier fact.",
        ),
        "zh": ("{given} 晚于评估基准日 {limit}", "不得使用基准日之后才知道的信息。"),
    },
    "date_future": {
        "en": ("{given} lies in the future, today is {limit}", "Value at a date that has come."),
        "zh": ("{given} 为未来日期，今天是 {limit}", "请使用已到来的评估基准日。"),
    },
    "date_form": {
        "en": ("{given!r} was given, a date is expected", 'Write year-month-day, such as "2026-06-30".'),
        "zh": ("给出的是 {given!r}，应为日期", '请写成年-月-日，如 "2026-06-30"。'),
    },
    "unknown_reference": {
        "en": ("there is no reference figure {given!r}", "{near}"),
        "zh": ("没有参考数据 {given!r}", "{near}"),
    },
    "reference_too_early": {
        "en": (
            "{given}: no value on {on}, the first is of {first}",
            'Give your own: {{"value": …, "source": …}}.',
        ),
        "zh": ("{given}：{on} 尚无数值，最早为 {first}", '请自行给出：{{"value": …, "source": …}}。'),
    },
    "reference_ended": {
        "en": ("{given}: no longer exists since {since}", 'Give your own: {{"value": …, "source": …}}.'),
        "zh": ("{given}：自 {since} 起不再存在", '请自行给出：{{"value": …, "source": …}}。'),
    },
    "reference_stale": {
        "en": (
            "{given}: the value is {age} days old, it was to be renewed after {limit}",
            "Check for a newer one, or confirm it with an override.",
        ),
        "zh": ("{given}：数值已 {age} 天，应在 {limit} 天内更新", "请查找新值，或以 override 确认。"),
    },
    "reference_window": {
        "en": (
            "{given}: no row of its tables within {window} days before {on}, the latest is of {latest}",
            'Give your own: {{"value": …, "source": …}}.',
        ),
        "zh": (
            "{given}：{on} 之前 {window} 天内没有数据行，最近为 {latest}",
            '请自行给出：{{"value": …, "source": …}}。',
        ),
    },
    "toml_syntax": {
        "en": ("this is not TOML: {reason}", "Mend the text at that place."),
        "zh": ("不是有效的 TOML：{reason}", "请修正该处文本。"),
    },
    "exchange_rate_form": {
        "en": (
            "an exchange rate is one figure above 0, without a range",
            'Write units of {currency} for one {given}: {{"value": …, "source": …}}.',
        ),
        "zh": ("汇率应为一个大于 0 的数，不带区间", '请写 1 {given} 兑多少 {currency}：{{"value": …, "source": …}}。'),
    },
    "exchange_rate_missing": {
        "en": (
            "{given} is in {currency}, the case in {case_currency}",
            'State the rate in the case: "exchange_rates": {{"{currency}": {{"value": …, "source": …}}}}.',
        ),
        "zh": (
            "{given} 的币种为 {currency}，案例币种为 {case_currency}",
            '请在案例中给出汇率："exchange_rates": {{"{currency}": {{"value": …, "source": …}}}}。',
        ),
    },
    # methods
    "unknown_method": {
        "en": ("there is no method {given!r}", "{near}"),
        "zh": ("没有方法 {given!r}", "{near}"),
    },
    "method_twice": {
        "en": ("two packages offer the method {given!r}: {packages}", "Remove one of them."),
        "zh": ("两个软件包都提供方法 {given!r}：{packages}", "请卸载其中一个。"),
    },
    "method_broken": {
        "en": ("the method {given!r} of {package} cannot be loaded: {reason}", "Repair or remove that package."),
        "zh": ("{package} 的方法 {given!r} 无法加载：{reason}", "请修复或卸载该软件包。"),
    },
    "method_breaks_off": {
        "en": (
            "the method {given!r} of {package} broke off: {reason}",
            "Its author must mend it: it sees arrays, as CONTRIBUTING.md says.",
        ),
        "zh": ("{package} 的方法 {given!r} 中断：{reason}", "须由其作者修正：方法接收的是数组，见 CONTRIBUTING.md。"),
    },
    "no_methods": {
        "en": ("no valuation methods are installed", "Install the package first: pip install -e ."),
        "zh": ("未安装任何评估方法", "请先安装软件包：pip install -e ."),
    },
    "method_not_for": {
        "en": ("{given} does not value {kind}; it serves {serves}", "Choose another method or mend the kind."),
        "zh": ("{given} 不适用于 {kind}；适用于 {serves}", "请选择其他方法或更正资产类别。"),
    },
    "derived_unit": {
        "en": ("{given} is a figure in {unit}, {expected} is expected here", "Take another, or state the figure."),
        "zh": ("{given} 的单位为 {unit}，此处应为 {expected}", "请改用其他数据或方法，或直接填写数值。"),
    },
    "derived_by_year": {
        "en": ("{given} yields one figure a year, one figure is expected here", "Take another, or state the figure."),
        "zh": ("{given} 的结果为逐年数值，此处应为一个数", "请改用其他方法，或直接填写数值。"),
    },
    "not_an_input_method": {
        "en": ("{given} values an asset; only methods of approach input may be derived", "See `valuation methods`."),
        "zh": ("{given} 用于评估资产；只有 input 类方法可用于推导", "请参见 `valuation methods`。"),
    },
    "no_finite_value": {
        "en": ("{given} gives no finite figure in the line {line}", "{said} Check the size of the inputs: {inputs}."),
        "zh": ("{given} 的 {line} 行没有有限结果", "{said}请检查各输入的大小：{inputs}。"),
    },
    "derived_beyond": {
        "en": (
            "in {given} of {total} draws what is worked out here is not {bound}, as it must be",
            "Narrow the ranges it is worked out from, or state the figure with a range of its own.",
        ),
        "zh": (
            "{total} 次抽样中有 {given} 次推导结果不满足“{bound}”",
            "请收窄其推导所用输入的区间，或直接给出该数及其区间。",
        ),
    },
    "combination": {
        "en": ("{reason}", "{remedy}"),
        "zh": ("{reason_zh}", "{remedy_zh}"),
    },
    "rank_correlation": {
        "en": ("{given!r} is not an input of this case", "{near}"),
        "zh": ("{given!r} 不是本案例的输入", "{near}"),
    },
    "correlation_certain": {
        "en": ("{given!r} states no range, so it cannot move", "Give it a range, or leave this correlation out."),
        "zh": ("{given!r} 没有区间，无法与其他输入相关", "请为其填写区间，或删除该相关系数。"),
    },
    "correlation_itself": {
        "en": ("{given!r} is correlated with itself", "Name two inputs."),
        "zh": ("{given!r} 与自身相关", "请写两个不同的输入。"),
    },
    "correlation_twice": {
        "en": ("the correlation of these two inputs is stated twice", "Keep one of the two."),
        "zh": ("这两个输入的相关系数出现两次", "请保留其中一个。"),
    },
    "record_format": {
        "en": ("{given!r} was given, a record has {expected}", "Make a record of a case with `valuation record`."),
        "zh": ("给出的是 {given!r}，记录应为 {expected}", "请用 `valuation record` 由案例生成记录。"),
    },
    "method_of_record": {
        "en": ("the record's method {given!r} of {package} is not installed", "Install that package and replay again."),
        "zh": ("记录所用的方法 {given!r}（{package}）未安装", "请安装该软件包后重新计算。"),
    },
    "digest": {
        "en": (
            "the digest of the file is {given}, {expected} was noted when it was saved",
            "The file was changed since.",
        ),
        "zh": ("文件摘要为 {given}，保存时记录为 {expected}", "文件在保存后被改动过。"),
    },
    # conclusion and lending
    "conclusion_form": {
        "en": ("exactly one of select and weights is needed", "Select one method and say because, or weigh several."),
        "zh": ("select 与 weights 必须且只能给出一个", "请选择一种方法并说明理由，或给出各权重及理由。"),
    },
    "reason_missing": {
        "en": ("no reason is given for {given}", "Say why, in a sentence that a reader of the report can judge."),
        "zh": ("未说明 {given} 的理由", "请用报告读者可以判断的一句话说明理由。"),
    },
    "stream_overdrawn": {
        "en": (
            "the assets take {total} of the income {given!r}: {shares}",
            "Shares of one income add up to 1 at most: what one asset earns no other earns again.",
        ),
        "zh": (
            "各资产合计占用收益 {given!r} 的 {total}：{shares}",
            "同一收益的各份额之和至多为 1：一项资产的收益不得由其他资产重复计入。",
        ),
    },
    "allocation_averaged": {
        "en": (
            "{given} shares an income out; it is no approach that could be weighed with others",
            "Select it alone, or weigh the approaches without it.",
        ),
        "zh": ("{given} 是对收益的分配，不是可与其他方法加权的评估途径", "请单独选用该结果，或仅对各评估途径加权。"),
    },
    "override_ended": {
        "en": ("the override by {given} ended on {until}", "Renew it, or go back to the published figure."),
        "zh": ("{given} 的替换值已于 {until} 失效", "请续期，或改用已公布的数值。"),
    },
    "term_not_published": {
        "en": ("the product {product} publishes no {given}", "State it in the loan: the bank's own figure and source."),
        "zh": ("产品 {product} 未公布 {given}", "请在贷款中给出银行自己的数值及来源。"),
    },
    # tables
    "unknown_column": {
        "en": (
            "the column {given!r} is not known",
            "{near} The bank's own columns are named in the policy: other_columns.",
        ),
        "zh": ("未知的列 {given!r}", "{near}银行自有的列请写入政策的 other_columns。"),
    },
    "column_of_results": {
        "en": ("the column {given!r} is one that a book comes back with", "Rename it, or take it out."),
        "zh": ("列 {given!r} 与结果列同名", "请改名或删除。"),
    },
    "row_length": {
        "en": ("the row has {given} cells, the heading has {expected}", "Mend the commas or quotes of that row."),
        "zh": ("该行有 {given} 个单元格，表头有 {expected} 个", "请修正该行的逗号或引号。"),
    },
    "table_kind": {
        "en": ("{given!r} is no table that is read or written here", "Use a file that ends in {known}."),
        "zh": ("不支持的表格文件 {given!r}", "请使用以 {known} 结尾的文件。"),
    },
    "table_empty": {
        "en": ("the table holds no rows", "Give a heading and the rows below it."),
        "zh": ("表格没有数据行", "请提供表头及其下各行。"),
    },
    "no_heading": {
        "en": (
            "no column of a book is named in the first row, which begins with {given!r}",
            "Take out a title above the heading: the first row names the columns, such as id, kind, value.",
        ),
        "zh": (
            "首行没有任何资产组合表的列名，其开头为 {given!r}",
            "请删除表头上方的标题行，首行应为列名，如 id、kind、value。",
        ),
    },
    "heading_levels": {
        "en": ("the heading has {given} levels", "Give each column one name."),
        "zh": ("表头有 {given} 层", "请为每列使用一个名称。"),
    },
    "table_unreadable": {
        "en": ("the table cannot be read: {reason}", "Save it again and try once more."),
        "zh": ("表格无法读取：{reason}", "请重新保存后再试。"),
    },
    "sheet_full": {
        "en": ("a sheet of Excel holds {limit} rows, the book has more", "Write .parquet or .csv."),
        "zh": ("Excel 工作表最多 {limit} 行，该表更多", "请写成 .parquet 或 .csv。"),
    },
    "source_itself": {
        "en": ("{given!r} is the case that is read", "Write to another file."),
        "zh": ("{given!r} 就是被读取的案例", "请写入其他文件。"),
    },
    "table_itself": {
        "en": ("{given!r} is the table that is read", "Write to another file."),
        "zh": ("{given!r} 就是被读取的表格", "请写入其他文件。"),
    },
    "workbook_packed": {
        "en": ("the workbook unpacks to far more than a table of its size holds ({reason})", "Save its sheet as .csv."),
        "zh": ("工作簿解压后异常庞大（{reason}）", "请将工作表另存为 .csv。"),
    },
    "library_missing": {
        "en": ("{given} files need the package {package}", "Install it: {install}."),
        "zh": ("{given} 文件需要软件包 {package}", "请安装：{install}。"),
    },
}

# What Python's reader says of JSON, in words for people who write it by hand.
JSON_REASONS: dict[str, tuple[str, str]] = {
    "Expecting value": ("a value is expected", "此处应为值"),
    "Expecting property name enclosed in double quotes": ("a key in double quotes is expected", "此处应为双引号内的键"),
    "Expecting ',' delimiter": ("a comma or a closing bracket is expected", "此处应为逗号或右括号"),
    "Expecting ':' delimiter": ("a colon is expected", "此处应为冒号"),
    "Unterminated string starting at": ("a text begins here and does not end", "此处开始的文本没有结束"),
    "Invalid control character at": ("a text holds a line break, a tab or the like", "文本含有换行、制表等字符"),
    "Invalid \\escape": (
        'after a backslash only " \\ / b f n r t or u may stand',
        '反斜杠后只能是 " \\ / b f n r t 或 u',
    ),
    "Invalid \\uXXXX escape": ("four digits 0-9 or a-f must follow \\u", "\\u 之后应为四位十六进制数字"),
    "Unexpected UTF-8 BOM (decode using utf-8-sig)": (
        "it begins with two byte order marks",
        "文件开头有两个字节顺序标记",
    ),
    "Extra data": ("more follows after the end", "结尾之后还有内容"),
    "Trailing comma": ("a comma stands after the last entry", "最后一项之后有逗号"),
}
