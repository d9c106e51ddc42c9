using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.MetalLB;

/// <summary>Reads all that MetalLB's webhook depends on, all kinds at the same time.</summary>
internal sealed class MetalLBWebhookReader
{
    private const string SliceGroup = "discovery.k8s.io";
    private const string ServiceLabel = "kubernetes.io/service-name";
    private const string UsualConfiguration = "metallb-webhook-configuration";

    // Kinds that have, or had, a former version.
    private static readonly string[] ConvertedKinds = ["bgppeers.metallb.io", "addresspools.metallb.io"];

    private readonly ClusterClient _client;
    private readonly string _space;
    private readonly List<Notice> _notices = [];
    private readonly HashSet<ResourceType> _unread = [];

    private MetalLBWebhookReader(ClusterClient client, string space) => (_client, _space) = (client, space);

    /// <summary>Reads the webhook of a namespace, and tries to make a pool of addresses without making it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="space">MetalLB's namespace.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">AccessDenied: Deployments may not be listed.</exception>
    public static async Task<MetalLBWebhookFacts> ReadAsync(ClusterClient client, string space, CancellationToken cancellationToken)
    {
        if (!ResourceType.CanBeNamed(space))
        {
            return new() { Cluster = client.Name, Namespace = space, NamespaceExists = false };
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await new MetalLBWebhookReader(client, space).ReadAsync(stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    /// <summary>The namespaces that MetalLB is in.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Where to look.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async Task<IReadOnlyList<string>> NamespacesAsync(ClusterClient client, ObjectQuery query, CancellationToken cancellationToken)
    {
        var (filter, found) = (new ObjectFilter(query), new SortedSet<string>(StringComparer.Ordinal));
        await foreach (var wire in client.ListAsync(MetalLBTypes.Deployment, query.ToListQuery(), MetalLBWireContext.Default.ControllerWire, cancellationToken: cancellationToken))
        {
            if (MetalLBController.Is(wire) && filter.Accepts(MetalLBTypes.Deployment.Kind, wire.Metadata.Namespace ?? "", wire.Metadata.Name))
            {
                found.Add(wire.Metadata.Namespace ?? "");
            }
        }

        return [.. found];
    }

    private async Task<MetalLBWebhookFacts> ReadAsync(CancellationToken stop)
    {
        var space = TryFindAsync(ResourceType.Namespace, null, _space, WireContext.Default.PartialObjectWire, stop);
        var callers = CallersAsync(stop);
        var secrets = TryListAsync(MetalLBTypes.Secret, new() { Namespace = _space }, WireContext.Default.PartialObjectWire, NameReader.MetadataOnly, stop);
        var roles = RolesAsync(stop);
        var (pools, peers) = (await TypeAsync(MetalLBTypes.Group, "IPAddressPool", stop), await TypeAsync(MetalLBTypes.Group, "BGPPeer", stop));
        var bgp = peers is null ? null : TryListAsync(peers, new() { Namespace = _space }, WireContext.Default.PartialObjectWire, NameReader.MetadataOnly, stop);
        var controller = await ControllerAsync(stop);
        var settings = controller?.Settings ?? ControllerSettings.Usual;
        var trial = pools is null || controller is null ? null : PoolTrial.RunAsync(_client, pools, _space, stop);
        var secret = TryFindAsync(MetalLBTypes.Secret, _space, settings.Secret, MetalLBWireContext.Default.SecretWire, stop);
        var trouble = TroubleAsync(controller, stop);
        var called = await callers;
        var services = await ServicesAsync([.. (called ?? []).Where(caller => caller.Namespace == _space).Select(caller => caller.Service).Append(settings.Service).Distinct()], await TypeAsync(SliceGroup, "EndpointSlice", stop), stop);
        var (found, names, (isSecretRead, wire)) = (await space, await secrets, await secret);
        var (bindings, clusterBindings, all) = await roles;
        return new()
        {
            Cluster = _client.Name,
            Namespace = _space,
            NamespaceExists = found.IsRead ? found.Value is not null : null,
            IsNamespaceTerminating = found.Value?.Metadata.DeletionTimestamp is not null,
            Controller = controller,
            PodTrouble = await trouble,
            SecretNames = names?.Select(item => item.Metadata.Name).ToHashSet(StringComparer.Ordinal) ?? (isSecretRead ? new HashSet<string>(wire is null ? [] : [settings.Secret]) : null),
            Secret = wire is null ? null : WebhookSecret.Of(wire),
            Rights = controller is null || bindings is null || clusterBindings is null || all is null ? null : AccountRights.Of(_space, controller.ServiceAccount, bindings.Concat(clusterBindings), all),
            ClusterRights = controller is null || clusterBindings is null || all is null ? null : AccountRights.Of(_space, controller.ServiceAccount, clusterBindings, all),
            Callers = called,
            Services = services,
            HasKinds = pools is not null,
            UsesBgp = bgp is not null && await bgp is { } listed ? listed.Count > 0 : null,
            Trial = trial is null ? null : await trial,
            Notices = _notices,
            Unread = _unread,
        };
    }

    // Asked for one by one: what was remembered before a group was installed is only read anew where all that is asked for is missing.
    private async Task<ResourceType?> TypeAsync(string group, string kind, CancellationToken stop) =>
        (await _client.Discovery.ResourcesAsync([group], stop)).FirstOrDefault(served => served.Kind == kind)?.Type;

    private async Task<MetalLBController?> ControllerAsync(CancellationToken stop)
    {
        await foreach (var wire in _client.ListAsync(MetalLBTypes.Deployment, new() { Namespace = _space }, MetalLBWireContext.Default.ControllerWire, cancellationToken: stop))
        {
            if (MetalLBController.Is(wire))
            {
                return MetalLBController.Of(wire);
            }
        }

        return null;
    }

    private async Task<string> TroubleAsync(MetalLBController? controller, CancellationToken stop)
    {
        if (controller is null or { IsReady: true }
            || await TryListAsync(ResourceType.Pod, new() { Namespace = _space, LabelSelector = controller.Selector }, WireContext.Default.PodWire, null, stop) is not { } pods)
        {
            return "";
        }

        var pod = pods.Select(pod => PodMapper.Map(pod, _client.Name, null)).FirstOrDefault(pod => !pod.Healthy);
        return pod is null ? "" : string.Join(": ", new[] { pod.Name, pod.Status, pod.Message }.Where(part => part.Length > 0));
    }

    // Entries for MetalLB's kinds, whatever the configuration is called.
    private async Task<IReadOnlyList<WebhookCaller>?> CallersAsync(CancellationToken stop)
    {
        var definitions = Task.WhenAll(ConvertedKinds.Select(name => TryFindAsync(ResourceType.CustomResourceDefinition, null, name, MetalLBWireContext.Default.ConvertedKindWire, stop)));
        if (await TryListAsync(MetalLBTypes.WebhookConfiguration, new(), MetalLBWireContext.Default.WebhookConfigurationWire, null, stop) is not { } configurations)
        {
            return null;
        }

        var entries = configurations
            .SelectMany(item => (item.Webhooks ?? []).Where(webhook => IsOurs(item, webhook)).Select(webhook => WebhookCaller.Of(new(_client.Name, MetalLBTypes.WebhookConfiguration.Kind, "", item.Metadata.Name), item.Metadata, webhook.Name, webhook.ClientConfig ?? new(), webhook.FailurePolicy)));
        var conversions = (await definitions).Select(found => found.Value).OfType<ConvertedKindWire>().Where(item => item.Spec?.Conversion is { Strategy: "Webhook", Webhook.ClientConfig: { } client } && IsHere(client))
            .Select(item => WebhookCaller.Of(new(_client.Name, ResourceType.CustomResourceDefinition.Kind, "", item.Metadata.Name), item.Metadata, "", item.Spec!.Conversion!.Webhook!.ClientConfig!));
        return [.. entries.Concat(conversions)];
    }

    // Those of another MetalLB, or of a test of one, call elsewhere.
    private bool IsOurs(WebhookConfigurationWire item, WebhookWire webhook) =>
        (item.Metadata.Name == UsualConfiguration || webhook.Rules?.Exists(rule => rule.ApiGroups?.Contains(MetalLBTypes.Group) == true) == true)
            && IsHere(webhook.ClientConfig);

    private bool IsHere(WebhookClientWire? client) => client?.Service is null || client.Service.Namespace == _space;

    private async Task<IReadOnlyList<WebhookService>?> ServicesAsync(IReadOnlyList<string> names, ResourceType? slices, CancellationToken stop)
    {
        var found = await Task.WhenAll(names.Select(async name =>
        {
            var service = TryFindAsync(MetalLBTypes.Service, _space, name, MetalLBWireContext.Default.ServiceWire, stop);
            var endpoints = slices is null ? null : await TryListAsync(slices, new() { Namespace = _space, LabelSelector = $"{ServiceLabel}={name}" }, MetalLBWireContext.Default.SliceWire, null, stop);
            var (isRead, wire) = await service;
            var ready = wire?.Spec?.Type == "ExternalName" ? null : endpoints?.SelectMany(slice => slice.Endpoints ?? []).Where(endpoint => endpoint.Conditions?.Ready != false).Sum(endpoint => endpoint.Addresses?.Count ?? 0);
            return isRead ? new WebhookService(name, wire is not null, ready) : null;
        }));
        return found.Any(service => service is null) ? null : [.. found.OfType<WebhookService>()];
    }

    private async Task<(IReadOnlyList<RoleBindingWire>? Bindings, IReadOnlyList<RoleBindingWire>? ClusterBindings, IReadOnlyCollection<RoleWire>? Roles)> RolesAsync(CancellationToken stop)
    {
        var bindings = TryListAsync(MetalLBTypes.RoleBinding, new() { Namespace = _space }, MetalLBWireContext.Default.RoleBindingWire, null, stop);
        var clusterBindings = TryListAsync(MetalLBTypes.ClusterRoleBinding, new(), MetalLBWireContext.Default.RoleBindingWire, null, stop);
        var roles = TryListAsync(MetalLBTypes.Role, new() { Namespace = _space }, MetalLBWireContext.Default.RoleWire, null, stop);
        var clusterRoles = TryListAsync(MetalLBTypes.ClusterRole, new(), MetalLBWireContext.Default.RoleWire, null, stop);
        var (inSpace, ofCluster) = (await roles, await clusterRoles);
        return (await bindings, await clusterBindings, inSpace is null || ofCluster is null ? null : [.. inSpace, .. ofCluster]);
    }

    private async Task<(bool IsRead, T? Value)> TryFindAsync<T>(ResourceType type, string? space, string name, JsonTypeInfo<T> json, CancellationToken stop)
        where T : ObjectWire
    {
        try
        {
            return (true, await _client.FindAsync(type, space, name, json, stop));
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            Tell(type);
            return (false, null);
        }
    }

    private async Task<List<T>?> TryListAsync<T>(ResourceType type, ListQuery query, JsonTypeInfo<T> json, string? accept, CancellationToken stop)
        where T : ObjectWire
    {
        try
        {
            var items = new List<T>();
            await foreach (var item in _client.ListAsync(type, query, json, accept: accept ?? "application/json", cancellationToken: stop))
            {
                items.Add(item);
            }

            return items;
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            Tell(type);
            return null;
        }
    }

    private void Tell(ResourceType type)
    {
        lock (_notices)
        {
            if (_unread.Add(type))
            {
                _notices.Add(new WarningNotice(Errors.Text("MetalLBPartNotRead", type.QualifiedName, _client.Name)));
            }
        }
    }
}
