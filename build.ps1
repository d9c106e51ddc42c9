<#
.SYNOPSIS
Builds, tests and packs HomelabOps. A thin door to dotnet: every step can be run without it.
.PARAMETER Task
Build: stages the importable module in out/HomelabOps. Test: all tests, and the Pester tests where Pester is there.
Bench: the measurements, against -KubeConfig. Help: the help files only. Package: a nupkg and a zip in out/packages.
Image: an OCI archive of the console in out/image, on Debian.
Install: the staged module into the user's module folder.
.EXAMPLE
./build.ps1
.EXAMPLE
./build.ps1 -Task Package
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Bench', 'Help', 'Package', 'Image', 'Install')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [string] $KubeConfig
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

function Invoke-Dotnet {
    dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE." }
}

Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Build' { Invoke-Dotnet build Module.sln -c $Configuration }
        'Test' {
            Invoke-Dotnet test --solution Module.sln -c $Configuration
            if (Get-Module -ListAvailable Pester | Where-Object Version -GE '5.0') {
                $result = Invoke-Pester -Path tests/Pester -PassThru
                if ($result.FailedCount -gt 0) { throw "$($result.FailedCount) Pester tests failed." }
            }
            else {
                Write-Warning 'Pester 5 is not installed: the Pester tests were skipped.'
            }
        }
        'Bench' {
            if (-not $KubeConfig) { throw 'Name the cluster to measure against with -KubeConfig.' }
            Invoke-Dotnet run -c Release --project bench/HomelabOps.Bench -- --kubeconfig $KubeConfig
        }
        'Help' { Invoke-Dotnet build src/HomelabOps -c $Configuration '-t:BuildHelp' }
        'Package' { Invoke-Dotnet build src/HomelabOps -c Release '-t:PackageModule' '-p:AllReadyToRunRids=true' }
        'Image' { Invoke-Dotnet build src/HomelabOps.Console -c Release '-t:BuildImage' }
        'Install' {
            Invoke-Dotnet build Module.sln -c $Configuration
            $version = (Import-PowerShellDataFile HomelabOps.psd1).ModuleVersion
            $base = if ($IsWindows) { Join-Path ([Environment]::GetFolderPath('MyDocuments')) 'PowerShell/Modules' } else { Join-Path $HOME '.local/share/powershell/Modules' }
            $target = Join-Path $base "HomelabOps/$version"
            $null = New-Item -ItemType Directory -Path $target -Force
            Copy-Item -Path out/HomelabOps/* -Destination $target -Recurse -Force
            "Installed in $target"
        }
    }
}
finally {
    Pop-Location
}
