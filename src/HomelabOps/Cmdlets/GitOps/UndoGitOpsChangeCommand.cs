using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core.GitOps.History;

namespace HomelabOps.Cmdlets.GitOps;

/// <summary>Takes a commit back by a new one, pushes it, and lets Flux apply it.</summary>
[Cmdlet(VerbsCommon.Undo, "GitOpsChange", DefaultParameterSetName = ByCommit, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Undo-GitOpsChange.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list,watch", "apps", "*")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("get,create,patch", "*", "*")]
public sealed class UndoGitOpsChangeCommand : GitOpsChangeCmdlet
{
    private const string ByCommit = "Commit";
    private const string ByLast = "Last";
    private const string ByRecord = "InputObject";

    /// <summary>The commit: its hash, in short or in full, or another name that Git knows.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ByCommit)]
    [ValidateNotNullOrEmpty]
    public string Commit { get; set; } = "";

    /// <summary>The last change that was made by this module and has not been taken back.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLast)]
    public SwitchParameter Last { get; set; }

    /// <summary>A change, a version of a file, a commit, or a hash as text.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByRecord)]
    public object? InputObject { get; set; }

    private protected override void Process()
    {
        var (typed, repository) = Piped.Unwrap(InputObject) switch
        {
            GitOpsChange change => (change.Commit, change.Repository),
            ManifestVersion version => (version.Commit, version.Repository),
            GitCommit commit => (commit.Commit, null),
            string text => (text, null),
            null => (Commit, null),
            { } other => throw Core.Errors.CommitNotFound(other.ToString() ?? "", Repository ?? ""),
        };

        // What is piped knows its repository; what is typed comes first.
        var own = Repository;
        Repository ??= repository is { Length: > 0 } ? repository : null;
        try
        {
            var committer = Committer();
            var edit = Await(stop => committer.ReadAsync(
                (git, tip, name) => RevertEdit.Of(git, tip, Last ? LastChange.Find(git, tip, name, Journal) ?? throw Core.Errors.GitOpsChangeNotFound(name) : typed), stop));
            if (Change(committer, edit, (Piped.Unwrap(InputObject) as GitOpsChange)?.App ?? "") is { } done)
            {
                WriteObject(done);
            }
        }
        finally
        {
            Repository = own;
        }
    }
}
