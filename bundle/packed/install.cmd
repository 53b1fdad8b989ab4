@echo off
rem Installs from this folder alone. "set PYTHON=C:\path\python.exe" names another Python.
setlocal
cd /d "%~dp0"
if defined PYTHON goto install
for %%v in (3.14 3.13 3.12 3.11) do call :look py -%%v
call :look python
if defined PYTHON goto install
echo Python 3.11 or newer (64-bit) was not found. Install it, then run install.cmd again.
set CODE=1
goto end
:install
%PYTHON% install.py
set CODE=%errorlevel%
:end
pause
exit /b %CODE%
:look
if defined PYTHON exit /b
%* -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if not errorlevel 1 set PYTHON=%*
exit /b
