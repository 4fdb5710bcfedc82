@echo off
rem Runs the flowkit command from its sources: builds it on first use and whenever a source changed.
setlocal
set "FLOWKIT_ROOT=%~dp0"
set "FLOWKIT_PROGRAM=%FLOWKIT_ROOT%artifacts\bin\FlowKit.Cli\release\FlowKit.Cli.dll"
set "FLOWKIT_STAMP=%FLOWKIT_ROOT%artifacts\flowkit.sources"

where dotnet >nul 2>nul
if errorlevel 1 (
    echo flowkit: 'dotnet' is not on the PATH; flowkit needs the .NET SDK 10 ^(https://dotnet.microsoft.com/download/dotnet/10.0^). 1>&2
    exit /b 1
)

rem Waits for its turn, builds where the sources differ from the stamp, and writes the stamp. Exit code 1: the build failed.
powershell -NoProfile -ExecutionPolicy Bypass -Command ^
  "$ErrorActionPreference = 'Stop'; $root = $env:FLOWKIT_ROOT; $stamp = $env:FLOWKIT_STAMP; $program = $env:FLOWKIT_PROGRAM;" ^
  "function Sources { (@(Get-ChildItem ($root + 'src'), ($root + 'data') -Recurse -File | Where-Object { $_.FullName.Substring($root.Length) -notmatch '\\(obj|bin)\\' }) + @(Get-ChildItem ($root + 'Directory.*'), ($root + 'global.json'), ($root + '.editorconfig')) | ForEach-Object { $_.FullName + ' ' + $_.LastWriteTimeUtc.Ticks } | Sort-Object) -join [char]10 };" ^
  "function Fresh { (Test-Path $program) -and (Test-Path $stamp) -and ([IO.File]::ReadAllText($stamp) -ceq (Sources)) };" ^
  "if (Fresh) { exit 0 };" ^
  "New-Item -ItemType Directory -Force ($root + 'artifacts') | Out-Null; $lock = $null;" ^
  "while (-not $lock) { try { $lock = [IO.File]::Open($root + 'artifacts\flowkit.lock', 'OpenOrCreate', 'ReadWrite', 'None') } catch [IO.IOException] { Start-Sleep 1 } };" ^
  "try { if (Fresh) { exit 0 }; [Console]::Error.WriteLine('building flowkit...'); $now = Sources;" ^
  "$ErrorActionPreference = 'Continue'; $log = & dotnet build ($root + 'src\FlowKit.Cli\FlowKit.Cli.csproj') -c Release -v quiet --nologo 2>&1;" ^
  "if ($LASTEXITCODE -ne 0) { $log | ForEach-Object { [Console]::Error.WriteLine($_) }; [Console]::Error.WriteLine('flowkit: the build failed.'); exit 1 };" ^
  "[IO.File]::WriteAllText($stamp, $now) } finally { $lock.Dispose() }"
if errorlevel 1 exit /b 1

dotnet "%FLOWKIT_PROGRAM%" %*
exit /b %errorlevel%
