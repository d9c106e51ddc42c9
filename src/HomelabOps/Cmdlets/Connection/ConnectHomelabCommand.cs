using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Topology;

namespace HomelabOps.Cmdlets.Connection;

/// <summary>Connects this session to a cluster.</summary>
[Cmdlet(VerbsCommunications.Connect, "Homelab", HelpUri = HelpPages.Root + "Connect-Homelab.md")]
[OutputType(typeof(HomelabConnection))]
[RequiresAccess("get", "", "/version")]
[RequiresAccess("get", "apiextensions.k8s.io", "customresourcedefinitions")]
public sealed class ConnectHomelabCommand : HomelabCmdlet
{
    /// <summary>Kubeconfig file.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? KubeConfig { get; set; }

    /// <summary>Context of the kubeconfig.</summary>
    [Parameter]
    [Alias("Cluster")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContextCompleter))]
    public string? Context { get; set; }

    /// <summary>Folder of the Git working copy.</summary>
    [Parameter]
    public string? Repository { get; set; }

    /// <summary>The homelab.yaml to use.</summary>
    [Parameter]
    public string? ConfigPath { get; set; }

    private protected override void End()
    {
        var environment = KubeConfigEnvironment.Current with { WorkingFolder = WorkingFolder };
        var location = Core.Kubernetes.Configuration.KubeConfig.Find(FullPath(KubeConfig), environment);
        var targets = Clients.Find(location, Context is null ? [] : [Context], environment);
        if (targets.Count > 1)
        {
            throw Core.Errors.ContextAmbiguous(Context!, targets.Select(target => target.Client?.Endpoint.Context.Name ?? target.Failure?.Target?.ToString() ?? ""));
        }

        var client = targets[0].Client ?? throw targets[0].Failure!;
        if (client.Endpoint.SkipTlsVerify)
        {
            WriteWarning(Messages.TlsNotVerified(client.Name));
        }

        var repository = ExistingFolder(Repository);
        var config = ReadConfig(repository);
        var connection = Await(stop => ConnectionReader.ReadAsync(client, stop)) with
        {
            Repository = repository ?? config?.Repository,
            ConfigPath = config?.Path,
            KubeConfigPath = location.IsInCluster ? null : string.Join(Path.PathSeparator, location.Paths),
        };
        Session.Connect(new Session.Connected(connection, client, location));
        WriteObject(connection);
    }

    private string? ExistingFolder(string? path) =>
        FullPath(path) is not { } full || Directory.Exists(full) ? FullPath(path) : throw Core.Errors.PathNotFound(path!);

    // A file that was named must be right. One that was only found must not keep anybody from a cluster in trouble.
    private HomelabConfig? ReadConfig(string? repository)
    {
        try
        {
            return HomelabConfigFile.Load(FullPath(ConfigPath), repository, HomelabConfigEnvironment.Current with { WorkingFolder = WorkingFolder });
        }
        catch (HomelabException error) when (ConfigPath is null)
        {
            WriteWarning(error.Message);
            return null;
        }
    }
}
