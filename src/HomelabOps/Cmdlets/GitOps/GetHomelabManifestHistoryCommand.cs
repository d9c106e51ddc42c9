using System.Management.Automation;
using HomelabOps.Binding;
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
    private readonly PipedScope _piped = new();

    /// <summary>Names of applications, with wildcards.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    [AppNames]
    public string[] App { get; set; } = [];

    /// <summary>Files and folders of the repository, with wildcards.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>An application or what belongs to it, the name of one, or a version of a file.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    private protected override void Process()
    {
        if (InputObject is not null && !_piped.Add(InputObject))
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "applications"));
        }
    }

    private protected override void End()
    {
        var (apps, paths) = (_piped.AppsAfter(App), _piped.PathsAfter(Path));

        // What led to nothing is nothing, and not everything.
        if (MyInvocation.ExpectingInput && apps.Length + paths.Length == 0)
        {
            return;
        }

        var location = FindRepository();
        Drain(stop => ManifestHistoryReader.ReadAsync(new RepositoryCommitter(location, ChangeJournal.ForUser()), Scope(apps, paths, location), stop));
    }
}
