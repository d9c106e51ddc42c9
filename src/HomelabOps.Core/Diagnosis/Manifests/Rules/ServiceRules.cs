using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Services and the addresses that MetalLB gives to them.</summary>
internal static class ServiceRules
{
    private const string NoAddress = "must be a valid IP address";

    public static IEnumerable<FieldIssue> Check(JsonObject item) =>
        ObjectText.Is(item, "", "Service") ? Service(new Field(item)["spec"])
        : ObjectText.Is(item, "metallb.io", "IPAddressPool") ? new Field(item).Find("spec.addresses.*").SelectMany(address => address.Checked(AddressRules.CheckPool))
        : [];

    /// <summary>A port by its number, or by the name that a container gives it.</summary>
    public static IEnumerable<FieldIssue> Port(Field port) => port.Within(1, 65535).Concat(port.Checked(NameRules.CheckPort));

    private static IEnumerable<FieldIssue> Service(Field spec)
    {
        var ports = spec["ports"].Items.ToArray();
        return Ports(spec, ports).Concat(Addresses(spec)).Concat(Type(spec, ports));
    }

    private static IEnumerable<FieldIssue> Ports(Field spec, Field[] ports)
    {
        var pairs = new HashSet<(long?, string)>();
        var issues = ports.SelectMany(port => port["port"].Within(1, 65535).Concat(port["nodePort"].Within(0, 65535)).Concat(port["name"].Checked(name => name.Length == 0 ? null : NameRules.CheckLabel(name))))
            .Concat(ports.Where(port => port["targetPort"].Number != 0 && port["targetPort"].Text != "").SelectMany(port => Port(port["targetPort"])))
            .Concat(Field.Repeated(ports.Select(port => port["name"])))
            .Concat(ports.Where(port => port["port"].Number is not null && (port["protocol"].Text is not null || !port["protocol"].IsSet) && !pairs.Add((port["port"].Number, port["protocol"].Text ?? "TCP")))
                .Select(port => port["port"].Wrong("there is another port of this number and protocol")));
        return ports.Length > 1 ? issues.Concat(ports.Where(port => !port["name"].IsSet).Select(port => port["name"].Missing())) : issues;
    }

    private static IEnumerable<FieldIssue> Addresses(Field spec) =>
        spec["clusterIP"].Checked(text => text is "" or "None" || AddressRules.Parse(text, allowZeros: true) is not null ? null : NoAddress)
            .Concat(spec["externalIPs"].Items.SelectMany(address => address.Checked(text => AddressRules.Parse(text, allowZeros: true) is null ? NoAddress : null)))
            .Concat(spec["loadBalancerSourceRanges"].Items.SelectMany(range => range.Checked(text => AddressRules.IsNetwork(text.Trim(), allowZeros: true) ? null : "must be a network such as 10.0.0.0/8")))

            // An API server takes it, but nobody can give such an address.
            .Concat(spec["loadBalancerIP"].Checked(text => text.Length == 0 || AddressRules.Parse(text, allowZeros: true) is not null ? null : NoAddress, FindingSeverity.Warning));

    private static IEnumerable<FieldIssue> Type(Field spec, Field[] ports)
    {
        var type = spec["type"].IsSet ? spec["type"].Text : "ClusterIP";
        return type switch
        {
            "ExternalName" => spec["externalName"].Checked(name => name.Length == 0 ? "it must not be empty" : NameRules.CheckSubdomain(name.EndsWith('.') ? name[..^1] : name))
                .Concat(spec["externalName"].IsSet ? [] : [spec["externalName"].Missing()]),
            "ClusterIP" => ports.Where(port => port["nodePort"].Number > 0).Select(port => port["nodePort"].Wrong("a Service of the type ClusterIP has no such port"))
                .Concat(spec["externalTrafficPolicy"].Text is { Length: > 0 } && !spec["externalIPs"].IsSet ? [spec["externalTrafficPolicy"].Wrong("only Services of the types NodePort and LoadBalancer have it")] : [])
                .Concat(ports.Length == 0 && spec["clusterIP"].Text != "None" && !spec["ports"].IsSet ? [spec["ports"].Missing()] : []),
            "NodePort" or "LoadBalancer" => spec["clusterIP"].Text == "None" ? [spec["clusterIP"].Wrong($"a Service of the type {type} must have an address")] : !spec["ports"].IsSet ? [spec["ports"].Missing()] : [],
            _ => [],
        };
    }
}
