namespace HomelabOps.Console;

/// <summary>What does the same with the engine alone, for the cmdlets that are typed most. A test runs the examples.</summary>
internal static class MissingCommandHints
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Add-Member"] = "$x.psobject.Properties.Add([psnoteproperty]::new('Name', 'value'))",
        ["Add-Type"] = "[Reflection.Assembly]::LoadFrom('/path/library.dll')",
        ["ConvertFrom-Json"] = "[Text.Json.Nodes.JsonNode]::Parse($text)",
        ["ConvertTo-Csv"] = "ForEach-Object { '\"{0}\",\"{1}\"' -f $_.Name, $_.Version }",
        ["ConvertTo-Json"] = "[Text.Json.JsonSerializer]::Serialize($x, $x.GetType())",
        ["Export-Csv"] = "ForEach-Object { '\"{0}\",\"{1}\"' -f $_.Name, $_.Version }",
        ["Format-List"] = "ForEach-Object { $_.psobject.Properties | ForEach-Object { \"$($_.Name) : $($_.Value)\" } }",
        ["Format-Table"] = "nothing (the default view is a table), or ForEach-Object { [pscustomobject]@{ Name = $_.Name; Version = $_.Version } }",
        ["Get-Alias"] = "Get-Command -CommandType Alias",
        ["Get-ChildItem"] = "[IO.Directory]::GetFileSystemEntries('.')",
        ["Get-Content"] = "[IO.File]::ReadAllLines('/path/file')",
        ["Get-Credential"] = "$Host.UI.PromptForCredential('', '', '', '')",
        ["Get-Date"] = "[DateTime]::Now",
        ["Get-Item"] = "[IO.FileInfo]::new('/path/file'), or $env:NAME for env:NAME",
        ["Get-Location"] = "$ExecutionContext.SessionState.Path.CurrentLocation",
        ["Get-Member"] = "$x.psobject.Members | ForEach-Object { \"$($_.MemberType) $($_.Name)\" }",
        ["Get-Process"] = "[Diagnostics.Process]::GetProcesses()",
        ["Get-Random"] = "[Random]::Shared.Next(1, 100)",
        ["Get-Variable"] = "$ExecutionContext.SessionState.PSVariable.GetValue('name')",
        ["Group-Object"] = "ForEach-Object -Begin { $groups = @{} } -Process { $groups[$_.Name] += @($_) } -End { $groups }",
        ["Invoke-Expression"] = "& ([scriptblock]::Create($text))",
        ["Invoke-RestMethod"] = "[Net.Http.HttpClient]::new().GetStringAsync('https://host/path').GetAwaiter().GetResult()",
        ["Invoke-WebRequest"] = "[Net.Http.HttpClient]::new().GetStringAsync('https://host/path').GetAwaiter().GetResult()",
        ["Join-Path"] = "[IO.Path]::Combine('/path', 'file')",
        ["Measure-Command"] = "$watch = [Diagnostics.Stopwatch]::StartNew(), then $watch.Elapsed",
        ["Measure-Object"] = "@($x).Count, or ForEach-Object -Begin { $sum = 0 } -Process { $sum += $_ } -End { $sum }",
        ["New-Guid"] = "[guid]::NewGuid()",
        ["New-Object"] = "[Text.StringBuilder]::new()",
        ["New-TimeSpan"] = "[TimeSpan]::FromMinutes(5)",
        ["Out-File"] = "[IO.File]::WriteAllText('/path/file', $text). The operators > and >> need Out-File as well; those of the shell around this console do not",
        ["Read-Host"] = "$Host.UI.ReadLine()",
        ["Select-Object"] = "ForEach-Object { $_.Name } for one property, ForEach-Object { [pscustomobject]@{ Name = $_.Name } } for several, @($x)[0..4] for the first five",
        ["Select-String"] = "Where-Object { $_ -match 'pattern' }",
        ["Set-Content"] = "[IO.File]::WriteAllText('/path/file', $text)",
        ["Set-Location"] = "$null = $ExecutionContext.SessionState.Path.SetLocation('/path')",
        ["Set-Variable"] = "$name = 'value'",
        ["Sort-Object"] = "[Linq.Enumerable]::OrderBy([object[]]@($x), [Func[object, object]] { $args[0].Name })",
        ["Split-Path"] = "[IO.Path]::GetDirectoryName('/path/file')",
        ["Start-Process"] = "& /path/program, or [Diagnostics.Process]::Start('program')",
        ["Start-Sleep"] = "[Threading.Thread]::Sleep(1000)",
        ["Test-Path"] = "[IO.File]::Exists('/path/file') or [IO.Directory]::Exists('/path')",
        ["Write-Debug"] = "$Host.UI.WriteDebugLine('text')",
        ["Write-Error"] = "throw 'text', or $Host.UI.WriteErrorLine('text') to go on",
        ["Write-Host"] = "$Host.UI.WriteLine('text')",
        ["Write-Information"] = "$Host.UI.WriteLine('text')",
        ["Write-Output"] = "the value alone, as in 'text'",
        ["Write-Verbose"] = "$Host.UI.WriteVerboseLine('text')",
        ["Write-Warning"] = "$Host.UI.WriteWarningLine('text')",
    };

    public static string? For(string command) => Known.GetValueOrDefault(command);
}
