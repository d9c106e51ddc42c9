namespace HomelabOps.Console.Tests;

public class MissingCommandTests
{
    [Theory]
    [InlineData("Select-Object Name", "'Select-Object' is of the module Microsoft.PowerShell.Utility", "ForEach-Object { $_.Name }")]
    [InlineData("1 | select Name -First 3", "'Select-Object'", "pwsh 7.6")]
    [InlineData("ft", "'Format-Table'", "default view")]
    [InlineData("Get-ChildItem -Path .", "Microsoft.PowerShell.Management", "GetFileSystemEntries")]
    [InlineData("Get-Acl", "Microsoft.PowerShell.Security", "pwsh 7.6")]
    [InlineData("Invoke-Pester", "Pester", "pwsh 7.6")]
    [InlineData("1 > file", "'Out-File'", "operators > and >>")]
    public void The_message_says_where_it_is_and_what_works_here(string command, string subject, string instead)
    {
        ConsoleProcess.Result result = ConsoleProcess.RunCommand(command);
        Assert.Contains(subject, result.Error, StringComparison.Ordinal);
        Assert.Contains(instead, result.Error, StringComparison.Ordinal);
        Assert.Contains("only PowerShell's engine", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void It_is_an_error_of_the_statement_with_the_engines_id()
    {
        ConsoleProcess.Result result = ConsoleProcess.RunCommand(
            "Sort-Object; 'goes on'; try { Sort-Object } catch [System.Management.Automation.CommandNotFoundException] { $_.FullyQualifiedErrorId }");
        Assert.Equal("goes on\nCommandNotFoundException\n", result.Output);
    }

    [Fact]
    public void Other_names_keep_the_engines_message() =>
        Assert.Contains("The term 'No-Such' is not recognized", ConsoleProcess.RunCommand("No-Such").Error, StringComparison.Ordinal);

    [Fact]
    public void No_function_is_defined_in_their_place() =>
        Assert.Empty(ConsoleProcess.RunCommand("Get-Command Select-Object, Write-Host, Get-Date -ErrorAction Ignore").Output);

    [Fact]
    public void A_module_on_PSModulePath_is_loaded_as_ever()
    {
        using TemporaryFolder folder = new();
        folder.Write(
            "Microsoft.PowerShell.Utility/Microsoft.PowerShell.Utility.psd1",
            "@{ ModuleVersion = '7.0.0'; RootModule = 'Utility.psm1'; FunctionsToExport = @('Select-Object') }");
        folder.Write("Microsoft.PowerShell.Utility/Utility.psm1", "function Select-Object { 'the real one' }");
        Dictionary<string, string?> environment = new() { ["PSModulePath"] = folder.Path };
        ConsoleProcess.Result result = ConsoleProcess.RunWith(string.Empty, environment, "-NoImport", "-c", "1 | select Name");
        Assert.Equal("the real one\n", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void What_the_hints_propose_works()
    {
        string[] examples =
        [
            "$x = Get-Command Get-Help, Get-Command; $text = '{\"a\":1}'",
            "$x[0].psobject.Properties.Add([psnoteproperty]::new('Note', 'value')); $x[0].Note",
            "[Text.Json.Nodes.JsonNode]::Parse($text)['a'].ToString()",
            "$v = [version]'1.2'; [Text.Json.JsonSerializer]::Serialize($v, $v.GetType())",
            "$x | ForEach-Object { '\"{0}\",\"{1}\"' -f $_.Name, $_.Version }",
            "[version]'1.2' | ForEach-Object { $_.psobject.Properties | ForEach-Object { \"$($_.Name) : $($_.Value)\" } }",
            "$x | ForEach-Object { [pscustomobject]@{ Name = $_.Name; Version = $_.Version } }",
            "[IO.Directory]::GetFileSystemEntries('.')",
            "[DateTime]::Now; $ExecutionContext.SessionState.Path.CurrentLocation; [Diagnostics.Process]::GetProcesses().Count",
            "'a' | ForEach-Object { $_.psobject.Members | ForEach-Object { \"$($_.MemberType) $($_.Name)\" } }",
            "[Random]::Shared.Next(1, 100); $ExecutionContext.SessionState.PSVariable.GetValue('text')",
            "$x | ForEach-Object -Begin { $groups = @{} } -Process { $groups[$_.Name] += @($_) } -End { $groups }",
            "& ([scriptblock]::Create('1')); [IO.Path]::Combine('/path', 'file'); [IO.Path]::GetDirectoryName('/path/file')",
            "1, 2 | ForEach-Object -Begin { $sum = 0 } -Process { $sum += $_ } -End { $sum }",
            "[guid]::NewGuid(); [Text.StringBuilder]::new(); [TimeSpan]::FromMinutes(5)",
            "$x | Where-Object { $_ -match 'Help' }; @($x)[0..4].Count",
            "$null = $ExecutionContext.SessionState.Path.SetLocation([IO.Path]::GetTempPath())",
            "[Linq.Enumerable]::OrderBy([object[]]@($x), [Func[object, object]] { $args[0].Name }) | ForEach-Object { $_.Name }",
            "$watch = [Diagnostics.Stopwatch]::StartNew(); $watch.Elapsed.Days; [IO.File]::Exists('/path/file')",
        ];
        ConsoleProcess.Result result = ConsoleProcess.RunCommand(string.Join("; ", examples));
        Assert.Empty(result.Error);
        Assert.Contains("Get-Command\nGet-Help\n", result.Output, StringComparison.Ordinal);
    }
}
