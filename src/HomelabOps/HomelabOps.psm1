# Engine cmdlets only: this file also runs in hosts that have no Microsoft.PowerShell.Utility.
$model = [System.IO.Path]::Combine($PSScriptRoot, 'HomelabOps.Model.dll')

# Asking for one type is far cheaper than looking at every assembly of the process.
$loaded = 'HomelabOps.ModuleLoadContext' -as [type]
if ($loaded) {
    $present = $loaded.Assembly.GetName().Version
    $wanted = [System.Reflection.AssemblyName]::GetAssemblyName($model).Version
    if ($present -ne $wanted) {
        # Assemblies cannot be unloaded from the default context. Going on would end in an import without any cmdlet.
        throw [System.Management.Automation.ErrorRecord]::new(
            [System.InvalidOperationException]::new("HomelabOps $present is loaded in this process, so version $wanted cannot be. Start a new PowerShell session to use it."),
            'RestartRequired',
            [System.Management.Automation.ErrorCategory]::ResourceUnavailable,
            $wanted)
    }
}

$null = [System.Reflection.Assembly]::LoadFrom($model)
$inner = Import-Module -Assembly ([HomelabOps.ModuleLoadContext]::LoadModule()) -PassThru

# The engine remembers the assembly's module, and on a second import (-Force, or after a removal) hands its cmdlets to
# nobody (PowerShell issue 20710); Export-ModuleMember does not see them either. There is no public way to add them.
[HomelabOps.ModuleLoadContext]::ExportCmdlets($ExecutionContext.SessionState.Module, $inner.ExportedCmdlets.Values)
