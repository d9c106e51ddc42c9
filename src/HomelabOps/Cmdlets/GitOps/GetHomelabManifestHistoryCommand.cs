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
    private readonly List<string> _piped = [];

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

    /// <summary>An application or what belongs to it, or the name of one.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    private protected override void Process()
    {
        if (InputObject is null)
        {
            return;
        }

        if (PipedApp.Read(InputObject) is { } app)
        {
            _piped.Add(app.Name);
        }
        else
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "applications"));
        }
    }

    private protected override void End()
    {
        // Nothing by pipe is nothing, and not everything.
        if (MyInvocation.ExpectingInput && _piped.Count == 0)
        {
            return;
        }

        var location = FindRepository();
        var scope = Scope([.. App.Concat(_piped).Distinct(StringComparer.Ordinal)], Path, location);
        Drain(stop => ManifestHistoryReader.ReadAsync(new RepositoryCommitter(location, ChangeJournal.ForUser()), scope, stop));
    }
}
