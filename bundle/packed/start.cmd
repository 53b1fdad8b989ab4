@echo off
rem Reads the reports in corpus and serves the pages. What is given goes to webui: start.cmd --port 8080
cd /d "%~dp0"
.venv\Scripts\reindex.exe
.venv\Scripts\webui.exe %*
pause
