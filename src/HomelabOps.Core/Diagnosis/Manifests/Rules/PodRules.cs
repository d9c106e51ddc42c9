using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>The spec of a pod beside its containers and volumes.</summary>
internal static class PodRules
{
    private const string NoAddress = "must be a valid IP address";

    /// <summary>The lists of containers, which share their names.</summary>
    public static IEnumerable<Field> Containers(Field spec) => spec["initContainers"].Items.Concat(spec["containers"].Items);

    public static IEnumerable<FieldIssue> Check(Field spec) => SelectorRules.InPod(spec)
        .Concat(Containers(spec).SelectMany(container => container["name"].Checked(NameRules.CheckLabel)))
        .Concat(Field.Repeated(Containers(spec).Select(container => container["name"])))
        .Concat(spec["hostname"].Checked(NameRules.CheckLabel))
        .Concat(spec["subdomain"].Checked(NameRules.CheckLabel))
        .Concat(spec["serviceAccountName"].Checked(name => name.Length == 0 ? null : NameRules.CheckSubdomain(name)))
        .Concat(spec["activeDeadlineSeconds"].AtLeast(1))
        .Concat(spec.Find("hostAliases.*.ip").Concat(spec.Find("dnsConfig.nameservers.*")).SelectMany(address => address.Checked(text => AddressRules.Parse(text, allowZeros: true) is null ? NoAddress : null)))
        .Concat(spec["tolerations"].Items.SelectMany(Toleration))
        .Concat(spec.Find("topologySpreadConstraints.*.maxSkew").SelectMany(skew => skew.AtLeast(1)));

    private static IEnumerable<FieldIssue> Toleration(Field toleration)
    {
        var (key, kind) = (toleration["key"], toleration["operator"]);
        return key.Checked(name => name.Length == 0 ? null : NameRules.CheckQualified(name))
            .Concat(kind.Text == "Exists" && toleration["value"].Text is { Length: > 0 } ? [toleration["value"].Wrong("it must be empty when the operator is Exists")] : [])
            .Concat((!key.IsSet || key.Text == "") && kind.Text is { } text && text != "Exists" ? [kind.Wrong("it must be Exists when there is no key")] : [])
            .Concat(toleration["tolerationSeconds"].IsSet && toleration["effect"] is { IsSet: true, Text: not "NoExecute" and not null } effect ? [effect.Wrong("it must be NoExecute when there are tolerationSeconds")] : []);
    }
}
