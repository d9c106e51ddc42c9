using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Journal;

namespace HomelabOps.Cmdlets.GitOps;

/// <summary>Tells which commits changed the manifests of applications, deleted ones too.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabManifestHistory", HelpUri = HelpPages.Root + "Get-HomelabManifestHistory.md")]
[OutputType(typeof(ManifestVersion))]
[RequiresAccess("", "", "")]
public sealed class GetHomelabManifestHistoryCommand : RepositoryCmdlet
{
    /// <summary>Names of applications, with wildcards.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    public string[] App { get; set; } = [];

    /// <summary>Files and folders of the repository, with wildcards.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    private protected override void End()
    {
        var location = FindRepository();
        var scope = Scope(App, Path, location);
        Drain(stop => ManifestHistoryReader.ReadAsync(new RepositoryCommitter(location, ChangeJournal.ForUser()), scope, stop));
    }
}
