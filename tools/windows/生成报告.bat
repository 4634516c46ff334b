@echo off
chcp 65001 >nul
rem 把装着数据.xlsx 的文件夹拖到这个文件上：先检查，没有问题就生成到它旁边的“报告”文件夹
if "%~1"=="" (
  echo 请把装着数据.xlsx 的文件夹拖到这个文件上。
  pause
  exit /b 2
)
cd /d "%~dp0..\.."
if not exist .venv\Scripts\reportgen.exe (
  echo 还没有安装：请先双击“安装.bat”。
  pause
  exit /b 2
)
.venv\Scripts\reportgen.exe check "%~1" --annotate
if errorlevel 1 (
  pause
  exit /b 1
)
.venv\Scripts\reportgen.exe build "%~1" --out "%~dp1报告"
pause
