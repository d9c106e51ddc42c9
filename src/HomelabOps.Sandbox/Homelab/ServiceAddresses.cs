using System.Globalization;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>
/// The addresses of the Services that the repository names by number: those of the Syncthing movers, which their owner once read off
/// the cluster and wrote down as peers. Whoever creates such a Service for the first time gives it the address of this table.
/// </summary>
internal sealed class ServiceAddresses
{
    // Beside the network that the server itself gives addresses of, so that none is taken.
    private const string Network = "10.97";
    private const int PerBlock = 250;
    private readonly Dictionary<(string Namespace, string Name), string> _addresses = [];

    public ServiceAddresses(int seed, IEnumerable<PlannedApp> apps)
    {
        var first = (int)(SeededHash.Of(seed, "address", "first") % 200) * PerBlock;
        foreach (var (app, role) in apps.Where(app => app.IsSyncthing).SelectMany(app => Roles.All.Select(role => (app, role))))
        {
            var number = first + _addresses.Count;
            _addresses.Add((app.Category, ServiceOf(app.Name, role)), string.Create(CultureInfo.InvariantCulture, $"{Network}.{number / PerBlock}.{(number % PerBlock) + 1}"));
        }
    }

    /// <summary>The address that belongs to a Service; null where any will do.</summary>
    public string? Find(string @namespace, string service) => _addresses.GetValueOrDefault((@namespace, service));

    /// <summary>The address at which the Syncthing of one side of an application takes data.</summary>
    public string Of(PlannedApp app, string role) => _addresses[(app.Category, ServiceOf(app.Name, role))];

    private static string ServiceOf(string app, string role) => $"volsync-{app}-{role}-data";
}
