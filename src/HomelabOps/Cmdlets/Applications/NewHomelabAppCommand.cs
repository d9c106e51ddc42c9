using System.Collections;
using System.Globalization;
using System.Management.Automation;
using HomelabOps.Cmdlets.GitOps;
using HomelabOps.Completion;
using HomelabOps.Core.Applications.Scaffolding;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Adds an application to the repository: manifests, volumes, replication, and the entries that lead Flux to them.</summary>
[Cmdlet(VerbsCommon.New, "HomelabApp", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-HomelabApp.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list,watch", "apps", "*")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get,create,patch", "*", "*")]
public sealed class NewHomelabAppCommand : GitOpsChangeCmdlet
{
    /// <summary>Its name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("App")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The folder of applications that it joins.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CategoryCompleter))]
    public string Category { get; set; } = "";

    /// <summary>Its image, with a tag or digest.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = "";

    /// <summary>Port of the container.</summary>
    [Parameter]
    public int? Port { get; set; }

    /// <summary>Its namespace; without it that of the category.</summary>
    [Parameter]
    [Alias("Ns")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? Namespace { get; set; }

    /// <summary>Host of its Ingress; empty for none.</summary>
    [Parameter]
    [Alias("Host")]
    [AllowEmptyString]
    public string? HostName { get; set; }

    /// <summary>Path that says whether it is well.</summary>
    [Parameter]
    public string? ProbePath { get; set; }

    /// <summary>It keeps state.</summary>
    [Parameter]
    public SwitchParameter Stateful { get; set; }

    /// <summary>Its state is kept on both nodes.</summary>
    [Parameter]
    public SwitchParameter Replicated { get; set; }

    /// <summary>Class of its volume.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StorageClass { get; set; }

    /// <summary>Size of its volume.</summary>
    [Parameter]
    public string Capacity { get; set; } = "5Gi";

    /// <summary>Where the container finds its state.</summary>
    [Parameter]
    public string MountPath { get; set; } = "/config";

    /// <summary>Folders of the node that it sees under the same path.</summary>
    [Parameter]
    public string[] HostPath { get; set; } = [];

    /// <summary>Environment variables, none of them secret.</summary>
    [Parameter]
    public Hashtable Variable { get; set; } = [];

    /// <summary>The folder of the applications.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppsFolder { get; set; }

    private protected override void End()
    {
        var app = new NewApp
        {
            Name = Name, Category = Category, Image = Image, Port = Port, Namespace = Namespace, Host = HostName, ProbePath = ProbePath,
            IsStateful = Stateful || Replicated, IsReplicated = Replicated, StorageClass = StorageClass, Capacity = Capacity, MountPath = MountPath, HostPaths = HostPath,
            Environment = Variable.Cast<DictionaryEntry>().ToDictionary(entry => Text(entry.Key), entry => Text(entry.Value), StringComparer.Ordinal),
        };
        NewAppRules.Check(app);
        var edit = new NewAppEdit(Await(stop => NewAppProof.AskAsync(app, ConnectedClient(), stop)), AppConventions.Of(Config(), AppsFolder));
        if (Change(Committer(), edit, Name) is { } done)
        {
            WriteObject(done);
        }
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
