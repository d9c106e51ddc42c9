namespace HomelabOps.Console;

/// <summary>The cmdlets of the modules that come with pwsh 7.6 and not with its engine, on every system.</summary>
internal static class MissingCommandTable
{
    public const string Pester = "Pester";

    public static IEnumerable<(string Module, string Names)> Modules { get; } =
    [
        (
            "Microsoft.PowerShell.Utility",
            """
            Add-Member Add-Type Clear-Variable Compare-Object ConvertFrom-CliXml ConvertFrom-Csv ConvertFrom-Json
            ConvertFrom-Markdown ConvertFrom-SddlString ConvertFrom-StringData ConvertTo-CliXml ConvertTo-Csv
            ConvertTo-Html ConvertTo-Json ConvertTo-Xml Debug-Runspace Disable-PSBreakpoint Disable-RunspaceDebug
            Enable-PSBreakpoint Enable-RunspaceDebug Export-Alias Export-Clixml Export-Csv Export-FormatData
            Export-PSSession Format-Custom Format-Hex Format-List Format-Table Format-Wide Get-Alias Get-Culture
            Get-Date Get-Error Get-Event Get-EventSubscriber Get-FileHash Get-FormatData Get-Host Get-MarkdownOption
            Get-Member Get-PSBreakpoint Get-PSCallStack Get-Random Get-Runspace Get-RunspaceDebug Get-SecureRandom
            Get-TraceSource Get-TypeData Get-UICulture Get-Unique Get-Uptime Get-Variable Get-Verb Group-Object
            Import-Alias Import-Clixml Import-Csv Import-LocalizedData Import-PSSession Import-PowerShellDataFile
            Invoke-Expression Invoke-RestMethod Invoke-WebRequest Join-String Measure-Command Measure-Object New-Alias
            New-Event New-Guid New-Object New-TemporaryDirectory New-TemporaryFile New-TimeSpan New-Variable Out-File
            Out-GridView Out-Printer Out-String Read-Host Register-EngineEvent Register-ObjectEvent Remove-Alias
            Remove-Event Remove-PSBreakpoint Remove-TypeData Remove-Variable Select-Object Select-String Select-Xml
            Send-MailMessage Set-Alias Set-Date Set-MarkdownOption Set-PSBreakpoint Set-TraceSource Set-Variable
            Show-Command Show-Markdown Sort-Object Start-Sleep Tee-Object Test-Json Trace-Command Unblock-File
            Unregister-Event Update-FormatData Update-List Update-TypeData Wait-Debugger Wait-Event Write-Debug
            Write-Error Write-Host Write-Information Write-Output Write-Progress Write-Verbose Write-Warning
            """
        ),
        (
            "Microsoft.PowerShell.Management",
            """
            Add-Content Clear-Content Clear-Item Clear-ItemProperty Clear-RecycleBin Convert-Path Copy-Item
            Copy-ItemProperty Debug-Process Get-ChildItem Get-Clipboard Get-ComputerInfo Get-Content Get-HotFix
            Get-Item Get-ItemProperty Get-ItemPropertyValue Get-Location Get-PSDrive Get-PSProvider Get-Process
            Get-Service Get-TimeZone Invoke-Item Join-Path Move-Item Move-ItemProperty New-Item New-ItemProperty
            New-PSDrive New-Service Pop-Location Push-Location Remove-Item Remove-ItemProperty Remove-PSDrive
            Remove-Service Rename-Computer Rename-Item Rename-ItemProperty Resolve-Path Restart-Computer
            Restart-Service Resume-Service Set-Clipboard Set-Content Set-Item Set-ItemProperty Set-Location
            Set-Service Set-TimeZone Split-Path Start-Process Start-Service Stop-Computer Stop-Process Stop-Service
            Suspend-Service Test-Connection Test-Path Wait-Process
            """
        ),
        (
            "Microsoft.PowerShell.Security",
            """
            ConvertFrom-SecureString ConvertTo-SecureString Get-Acl Get-AuthenticodeSignature Get-CmsMessage
            Get-Credential Get-ExecutionPolicy Get-PfxCertificate New-FileCatalog Protect-CmsMessage Set-Acl
            Set-AuthenticodeSignature Set-ExecutionPolicy Test-FileCatalog Unprotect-CmsMessage
            """
        ),
        ("Microsoft.PowerShell.Host", "Start-Transcript Stop-Transcript"),
        ("Microsoft.PowerShell.Archive", "Compress-Archive Expand-Archive"),
        ("Microsoft.PowerShell.ThreadJob", "Start-ThreadJob"),
        ("Microsoft.PowerShell.Diagnostics", "Get-Counter Get-WinEvent New-WinEvent"),
        (
            "CimCmdlets",
            """
            Export-BinaryMiLog Get-CimAssociatedInstance Get-CimClass Get-CimInstance Get-CimSession Import-BinaryMiLog
            Invoke-CimMethod New-CimInstance New-CimSession New-CimSessionOption Register-CimIndicationEvent
            Remove-CimInstance Remove-CimSession Set-CimInstance
            """
        ),
        (
            "Microsoft.WSMan.Management",
            """
            Connect-WSMan Disable-WSManCredSSP Disconnect-WSMan Enable-WSManCredSSP Get-WSManCredSSP Get-WSManInstance
            Invoke-WSManAction New-WSManInstance New-WSManSessionOption Remove-WSManInstance Set-WSManInstance
            Set-WSManQuickConfig Test-WSMan
            """
        ),
        (
            "Microsoft.PowerShell.PSResourceGet",
            """
            Compress-PSResource Find-PSResource Get-InstalledPSResource Get-PSResource Get-PSResourceRepository
            Get-PSScriptFileInfo Import-PSGetRepository Install-PSResource New-PSScriptFileInfo Publish-PSResource
            Register-PSResourceRepository Reset-PSResourceRepository Save-PSResource Set-PSResourceRepository
            Test-PSScriptFileInfo Uninstall-PSResource Unregister-PSResourceRepository Update-PSModuleManifest
            Update-PSResource Update-PSScriptFileInfo
            """
        ),
        (
            "PowerShellGet",
            """
            Find-Command Find-DscResource Find-Module Find-RoleCapability Find-Script Get-InstalledModule
            Get-InstalledScript Get-PSRepository Install-Module Install-Script New-ScriptFileInfo Publish-Module
            Publish-Script Register-PSRepository Save-Module Save-Script Set-PSRepository Test-ScriptFileInfo
            Uninstall-Module Uninstall-Script Unregister-PSRepository Update-Module Update-ModuleManifest Update-Script
            Update-ScriptFileInfo
            """
        ),
        (
            "PSReadLine",
            """
            Get-PSReadLineKeyHandler Get-PSReadLineOption Remove-PSReadLineKeyHandler Set-PSReadLineKeyHandler
            Set-PSReadLineOption
            """
        ),
        (Pester, "Invoke-Pester New-PesterConfiguration New-PesterContainer Describe Context It Should BeforeAll BeforeEach AfterAll AfterEach Mock"),
    ];

    /// <summary>
    /// Aliases that the engine does not define itself: the modules bring them, or on Unix the native programs of that name
    /// stand in for them.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["ac"] = "Add-Content",
        ["cat"] = "Get-Content",
        ["compare"] = "Compare-Object",
        ["cp"] = "Copy-Item",
        ["cpp"] = "Copy-ItemProperty",
        ["diff"] = "Compare-Object",
        ["fhx"] = "Format-Hex",
        ["gcb"] = "Get-Clipboard",
        ["gin"] = "Get-ComputerInfo",
        ["gsv"] = "Get-Service",
        ["gtz"] = "Get-TimeZone",
        ["kill"] = "Stop-Process",
        ["ls"] = "Get-ChildItem",
        ["mount"] = "New-PSDrive",
        ["mv"] = "Move-Item",
        ["ogv"] = "Out-GridView",
        ["ps"] = "Get-Process",
        ["rm"] = "Remove-Item",
        ["rmdir"] = "Remove-Item",
        ["sasv"] = "Start-Service",
        ["scb"] = "Set-Clipboard",
        ["shcm"] = "Show-Command",
        ["sleep"] = "Start-Sleep",
        ["sort"] = "Sort-Object",
        ["spsv"] = "Stop-Service",
        ["start"] = "Start-Process",
        ["stz"] = "Set-TimeZone",
        ["tee"] = "Tee-Object",
        ["write"] = "Write-Output",
    };
}
