# 只需要 Python 3.11 以上和 make。

PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready
EXTRAS ?=

.PHONY: report test check look bench mutants clean

# 生成 inputs/ 下的全部报告，写入 build/
report: $(READY)
	$(BIN)/reportgen build inputs --out build

# 运行全部测试
test: $(READY)
	$(BIN)/python -m pytest

# 检查代码风格与类型
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy

# 把 build/ 下的报告转成图片，放在 build/look（需要 LibreOffice 和 poppler-utils）
look: $(READY)
	$(BIN)/python tools/look.py build --out build/look

# 与别家比快慢，写 benchmarks/results.json 和各处的表（对手装在 .cache/bench；没有 node 的，node 的几家不参加）
DOCUMENTS ?= 1000
bench: $(READY)
	$(BIN)/python benchmarks/run.py --documents $(DOCUMENTS)

# 把程序改坏一点点，看测试发现不发现，写 tests/mutants.json（一个小时上下，停了再来接着做）
mutants: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[mutants]'
	$(BIN)/python -m tools.mutants

# 删除生成的文件和虚拟环境
clean:
	rm -rf build dist .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find reportgen tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# 虚拟环境：pyproject.toml 变动后重装
$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev$(EXTRAS)]'
	touch $@
