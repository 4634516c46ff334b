@echo off
chcp 65001 >nul
rem 在程序的文件夹里建 .venv，装好 reportgen；有“离线包”文件夹的，不用网络
cd /d "%~dp0..\.."
py -3 -m venv .venv
if errorlevel 1 (
  echo 没有找到 Python：请先装 3.11 以上的 Python，再试一次。
  pause
  exit /b 1
)
if exist 离线包 (
  .venv\Scripts\python.exe -m pip install --no-index --find-links 离线包 reportgen
) else (
  .venv\Scripts\python.exe -m pip install .
)
if errorlevel 1 (
  echo 没有装好，请把上面的话发给维护人员。
  pause
  exit /b 1
)
echo 装好了
pause
