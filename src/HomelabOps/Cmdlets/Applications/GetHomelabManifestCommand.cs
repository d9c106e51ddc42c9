using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Machine;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Shows which values Flux applies for applications, and in which file and line each is defined.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabManifest", DefaultParameterSetName = ByApp, HelpUri = HelpPages.Root + "Get-HomelabManifest.md")]
[OutputType(typeof(HomelabManifest))]
[RequiresAccess("", "", "")]
public sealed class GetHomelabManifestCommand : RepositoryCmdlet
{
    private const string ByApp = "App";
    private const string ByRecord = "InputObject";

    private readonly List<ResourcePattern> _apps = [];

    /// <summary>Names of applications.</summary>
    [Parameter(Position = 0, ParameterSetName = ByApp)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManifestAppCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] App { get; set; } = [];

    /// <summary>Namespaces of the applications.</summary>
    [Parameter]
    [Alias("Ns")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    public string[] Namespace { get; set; } = [];

    /// <summary>Only these fields.</summary>
    [Parameter]
    public ManifestField[] Field { get; set; } = [];

    /// <summary>A pod, a workload, a Helm release, or the name of an application.</summary>
    [Parameter(ParameterSetName = ByRecord, Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == ByApp)
        {
            _apps.AddRange(App);
        }
        else if (PipedApp.Read(InputObject) is { } app)
        {
            _apps.Add(app);
        }
        else
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "applications"));
        }
    }

    // Together: whatever is asked for, the repository is read once.
    private protected override void End()
    {
        if (ParameterSetName != ByApp && _apps.Count == 0)
        {
            return;
        }

        if (Repository is null || !RemoteAddress.IsAddress(Repository))
        {
            var folder = FullPath(Repository) ?? FindFolder();
            Read(folder, folder);
            return;
        }

        // What is not checked out is put where it can be read more than once.
        using var scratch = new ScratchFolder();
        Await(stop => new RepositoryCommitter(FindRepository(), ChangeJournal.ForUser()).ReadAsync(
            (git, tip, _) =>
            {
                ScratchFiles.Fill(scratch, new GitTreeFiles(git, tip.Tree));
                return true;
            },
            stop));
        Read(scratch.Path, RemoteAddress.Mask(Repository));
    }

    private void Read(string folder, string shown)
    {
        var query = new AppManifestQuery { Path = folder, Shown = shown, Apps = [.. _apps.DistinctBy(app => app.Text)], Namespaces = Namespace, Fields = Field, Patterns = ChartValues.Of(folder, WorkingFolder) };
        Drain(token => AppManifests.ReadAsync(query, token));
    }
}
