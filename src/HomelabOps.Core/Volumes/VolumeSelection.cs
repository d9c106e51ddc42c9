using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Volumes;

/// <summary>Which claims and volumes are meant, and what led to none.</summary>
internal sealed class VolumeSelection(ClusterClient client, VolumeQuery query)
{
    private readonly ObjectFilter _claims = new(query.Objects);
    private readonly TypedNames _apps = new(query.Apps);
    private readonly HashSet<ResourceReference> _missing = [.. query.References.Where(reference => reference.Kind == VolumeTypes.Claim.Kind || reference.Kind == VolumeTypes.Volume.Kind)];

    /// <summary>Whether a row is asked for.</summary>
    public bool Accepts(HomelabVolume row)
    {
        // All are asked always: a row that the one leaves out still shows that the name of the other exists.
        var (named, ofApp) = (IsNamed(row), _apps.Accepts(row.App));
        return named && ofApp && !(query.Unclaimed && row.Claim.Length > 0);
    }

    /// <summary>An error for each literal name, and each claim or volume, that is not there.</summary>
    public async Task<IReadOnlyList<HomelabException>> MissingAsync(CancellationToken cancellationToken)
    {
        var objects = await _claims.MissingAsync(client, "Volume", "claim or volume", cancellationToken);
        return objects.Count > 0 ? objects :
        [
            .. _missing.Select(reference => Errors.ObjectNotFound(client.Name, "Volume", "claim or volume", reference.ToString(), null)),
            .. _apps.Missing.Select(app => Errors.AppNotFound(client.Name, app, query.Objects.Namespaces)),
        ];
    }

    private bool IsNamed(HomelabVolume row)
    {
        if (query.References.Count > 0)
        {
            return query.References.Where(reference => LeadsTo(reference, row)).ToList() is { Count: > 0 } found && Found(found);
        }

        // A volume without a claim counts for the namespace of the one that it is kept for; a volume is in none itself.
        var space = row.Claim.Length > 0 ? row.Namespace : row.KeptFor?.Namespace ?? "";
        if (query.Objects.Namespaces.Count > 0 && space.Length == 0)
        {
            return false;
        }

        var (asClaim, asVolume) = (
            row.Claim.Length > 0 && _claims.Accepts(VolumeTypes.Claim.Kind, space, row.Claim),
            row.Volume.Length > 0 && _claims.Accepts(VolumeTypes.Volume.Kind, space, row.Volume));
        return asClaim || asVolume;
    }

    private bool Found(List<ResourceReference> references)
    {
        _missing.ExceptWith(references);
        return true;
    }

    private static bool LeadsTo(ResourceReference reference, HomelabVolume row) => reference.Kind switch
    {
        "PersistentVolumeClaim" => row.Claim == reference.Name && row.Namespace == reference.Namespace,
        "PersistentVolume" => row.Volume == reference.Name,
        "Pod" => row.Pods.Any(pod => pod.Namespace == reference.Namespace && pod.Name == reference.Name),
        "Node" => row.Node == reference.Name,
        _ => row.App == reference.Name && (row.Claim.Length > 0 ? row.Namespace : row.KeptFor?.Namespace) == reference.Namespace,
    };
}
