"""What the page says in its own words, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "What is it worth, what may be lent?",
        "source": "Case", "own": "my own file", "upload": "A case file (.json)",
        "wait": "Choose an example or upload a case.", "problems": "This case cannot be valued",
        "value": "Concluded value", "none": "no conclusion yet", "evidence": "Evidence level",
        "of": "{level} of 3", "low": "5th percentile", "high": "95th percentile", "because": "Because",
        "range": "Range of each method: line from 5% to 95%, box from 25% to 75%, diamond the value",
        "workings": "Workings", "step": "Step", "unit": "Unit", "figures": "Figures",
        "notes": "What a reader must know", "loan": "Loan", "no_loan": "This case asks for no loan.",
        "refused": "No loan", "maximum": "Loan up to", "ltv": "Loan to value", "haircut": "Haircut",
        "expected_loss": "Expected loss", "parts": "From appraised value to what a forced sale leaves",
        "limits": "Limits; the one that binds in red", "path": "Value against balance",
        "record": "Download the record", "workbook": "Download the workbook (live formulas)",
    },
    "zh": {
        "title": "价值几何，可贷多少？",
        "source": "案例", "own": "自有文件", "upload": "案例文件（.json）",
        "wait": "请选择示例或上传案例文件。", "problems": "该案例无法评估",
        "value": "评估结论", "none": "尚无结论", "evidence": "证据层级",
        "of": "{level}（共 3 级）", "low": "5% 分位", "high": "95% 分位", "because": "理由",
        "range": "各方法的区间：线段为 5% 至 95% 分位，方框为 25% 至 75% 分位，菱形为评估值",
        "workings": "计算过程", "step": "步骤", "unit": "单位", "figures": "数值",
        "notes": "使用者须知", "loan": "贷款", "no_loan": "该案例未申请贷款。",
        "refused": "不予贷款", "maximum": "最高贷款额", "ltv": "质押率", "haircut": "折扣率",
        "expected_loss": "预期损失", "parts": "从评估值到强制变现所得",
        "limits": "各项限额（红色为起约束者）", "path": "价值与余额",
        "record": "下载记录", "workbook": "下载工作底稿（公式可重算）",
    },
}  # fmt: skip
