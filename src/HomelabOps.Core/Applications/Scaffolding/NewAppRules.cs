using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>What a new application may be called and consist of.</summary>
internal static partial class NewAppRules
{
    // Names of volumes and claims are longer than the application's.
    private const int LongestName = 40;

    /// <summary>Refuses what no cluster would take.</summary>
    /// <exception cref="HomelabException">AppInvalid, ImageInvalid, ImageTagRequired.</exception>
    public static void Check(NewApp app)
    {
        Require(Label().IsMatch(app.Name) && app.Name.Length <= LongestName, app, "Name", app.Name, "Detail_NewAppName");
        Require(Label().IsMatch(app.Category), app, "Category", app.Category, "Detail_NewAppName");
        Require(app.Namespace is null || Label().IsMatch(app.Namespace), app, "Namespace", app.Namespace, "Detail_NewAppName");
        if (TypedImage.Read(app.Image).Name.Length == 0)
        {
            throw Errors.ImageInvalid(app.Image);
        }

        Require(app.Port is null or (> 0 and < 65536), app, "Port", app.Port, "Detail_NewAppPort");
        Require(app.ServicePort is > 0 and < 65536, app, "ServicePort", app.ServicePort, "Detail_NewAppPort");
        Require(app.Replicas >= 0, app, "Replicas", app.Replicas, "Detail_NewAppReplicas");
        Require(string.IsNullOrEmpty(app.Host) || Host().IsMatch(app.Host), app, "HostName", app.Host, "Detail_NewAppHost");
        Require(app.ProbePath is null || app.ProbePath.StartsWith('/'), app, "ProbePath", app.ProbePath, "Detail_NewAppPath");
        Require(app.MountPath.StartsWith('/'), app, "MountPath", app.MountPath, "Detail_NewAppPath");
        Require(Quantity.ParseStrict(app.Capacity) is > 0, app, "Capacity", app.Capacity, "Detail_NewAppCapacity");
        Require(!app.IsReplicated || app.IsStateful, app, "Replicated", true, "Detail_NewAppReplicated");
        Require(!app.IsReplicated || app.StorageClass is null, app, "StorageClass", app.StorageClass, "Detail_NewAppReplicatedClass");
        foreach (var path in app.HostPaths)
        {
            Require(path.StartsWith('/') && VolumeName(path).Length > 0, app, "HostPath", path, "Detail_NewAppPath");
        }

        foreach (var name in app.Environment.Keys)
        {
            Require(Variable().IsMatch(name), app, "Variable", name, "Detail_NewAppVariable");
        }
    }

    /// <summary>The name of the volume for a folder of the node.</summary>
    public static string VolumeName(string path) => NotInNames().Replace(path.ToLowerInvariant(), "-").Trim('-');

    private static void Require(bool holds, NewApp app, string parameter, object? value, string detail)
    {
        if (!holds)
        {
            throw Errors.AppInvalid(app.Name, parameter, value, Errors.Text(detail));
        }
    }

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Host();

    [GeneratedRegex("^[-._a-zA-Z][-._a-zA-Z0-9]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotInNames();
}
