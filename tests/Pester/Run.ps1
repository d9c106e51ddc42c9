# Runs the tests of this folder and ends with exit code 1 when one fails. Started by ./run.
$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0 -MaximumVersion 5.99

$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration

if ($result.TotalCount -eq 0) {
    Write-Error 'no test ran'
}

if ($env:HOMELABOPS_REQUIRE_LAB -eq '1' -and $result.SkippedCount -gt 0) {
    Write-Output 'The lab is required here, but tests were skipped.'
    exit 1
}

exit [int]($result.Result -ne 'Passed')
