namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>What a server refuses of built-in kinds other than pods.</summary>
public abstract class RefusalChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string NotNegative = "must be greater than or equal to 0";
    private const string EmptySelector = "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for ";
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Wildcard = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Group = "rbac.authorization.k8s.io";
    private const string Template = """ "template":{"metadata":{"labels":{"a":"b"} },"spec":{"containers":[{"name":"a","image":"a:1"}]} } """;
    private const string JobTemplate = """ "template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a:1"}]} } """;

    [Theory]
    [InlineData("Deployment", """ "selector":{} """, EmptySelector + "deployment")]
    [InlineData("ReplicaSet", """ "selector":{} """, EmptySelector + "deployment")]
    [InlineData("StatefulSet", """ "serviceName":"x","selector":{} """, EmptySelector + "statefulset")]
    [InlineData("DaemonSet", """ "selector":{} """, EmptySelector + "daemonset")]
    [InlineData("Deployment", """ "minReadySeconds":-1,"selector":{"matchLabels":{"a":"b"} } """, "spec.minReadySeconds: Invalid value: -1: " + NotNegative)]
    [InlineData("Deployment", """ "strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0} },"selector":{"matchLabels":{"a":"b"} } """, "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}: may not be 0 when `maxSurge` is 0")]
    [InlineData("DaemonSet", """ "updateStrategy":{"type":"Foo"},"selector":{"matchLabels":{"a":"b"} } """, "spec.updateStrategy: Unsupported value: apps.DaemonSetUpdateStrategy{Type:\"Foo\", RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}: supported values: \"RollingUpdate\", \"OnDelete\"")]
    [InlineData("StatefulSet", """ "serviceName":"x","updateStrategy":{"type":"Foo"},"selector":{"matchLabels":{"a":"b"} } """, "spec.updateStrategy: Invalid value: apps.StatefulSetUpdateStrategy{Type:\"Foo\", RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}: must be 'RollingUpdate' or 'OnDelete'")]
    public void A_workload_that_makes_no_sense_is_invalid(string kind, string spec, string why) =>
        Refused(New("apps/v1", kind, $$""" "spec":{ {{spec}},{{Template}} } """), why);

    [Fact]
    public void A_selector_that_cannot_be_read_is_shown_whole() => Refused(
        New("apps/v1", "Deployment", $$""" "spec":{"selector":{"matchExpressions":[{"key":"a","operator":"Foo","values":["b"]}]},{{Template}} } """),
        "spec.selector.matchExpressions[0].operator: Invalid value: \"Foo\": not a valid selector operator",
        "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement{v1.LabelSelectorRequirement{Key:\"a\", Operator:\"Foo\", Values:[]string{\"b\"}}}}: invalid label selector");

    [Theory]
    [InlineData(""" "parallelism":-1 """, "spec.parallelism: Invalid value: -1: " + NotNegative)]
    [InlineData(""" "completions":-1 """, "spec.completions: Invalid value: -1: " + NotNegative)]
    [InlineData(""" "backoffLimit":-1 """, "spec.backoffLimit: Invalid value: -1: " + NotNegative)]
    public void A_job_that_makes_no_sense_is_invalid(string spec, string why) => Refused(New("batch/v1", "Job", $$""" "spec":{ {{spec}},{{JobTemplate}} } """), why);

    [Theory]
    [InlineData("bad", "FieldValueInvalid")]
    [InlineData("60 * * * *", "FieldValueInvalid")]
    [InlineData("5-1 * * * *", "FieldValueInvalid")]
    [InlineData("@foo", "FieldValueInvalid")]
    [InlineData("", "FieldValueRequired")]
    public void A_schedule_must_be_one(string schedule, string reason) => Cron($$""" "schedule":"{{schedule}}","jobTemplate":{"spec":{ {{JobTemplate}} } } """).Invalid(("spec.schedule", reason));

    [Theory]
    [InlineData("@every 1h")]
    [InlineData("*/5 1-3 * jan mon")]
    public void Schedules_have_words(string schedule) => Cron($$""" "schedule":"{{schedule}}","jobTemplate":{"spec":{ {{JobTemplate}} } } """).Created();

    [Fact]
    public void The_job_of_a_schedule_is_checked_as_well() => Refused(
        Cron($$""" "schedule":"@daily","jobTemplate":{"spec":{"parallelism":-1,{{JobTemplate}} } } """), "spec.jobTemplate.spec.parallelism: Invalid value: -1: " + NotNegative);

    [Theory]
    [InlineData(""" "minAvailable":-1 """, "spec.minAvailable: Invalid value: -1: " + NotNegative)]
    [InlineData(""" "maxUnavailable":"150%" """, "spec.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"150%\"}: must not be greater than 100%")]
    public void A_budget_that_makes_no_sense_is_invalid(string spec, string why) => Refused(Budget(spec), why);

    [Fact]
    public void A_budget_has_one_bound()
    {
        var answer = Budget(""" "minAvailable":1,"maxUnavailable":1 """).Invalid(("spec", "FieldValueInvalid"));
        Assert.EndsWith("minAvailable and maxUnavailable cannot be both set", answer["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "host":"*bad" """, "host: Invalid value: \"*bad\": " + Wildcard)]
    [InlineData(""" "host":"Bad_" """, "host: Invalid value: \"Bad_\": " + Subdomain)]
    [InlineData(""" "host":"192.0.2.1" """, "host: Invalid value: \"192.0.2.1\": must be a DNS name, not an IP address")]
    [InlineData(""" "http":{"paths":[]} """, "http.paths: Required value")]
    public void A_rule_that_makes_no_sense_is_invalid(string rule, string why) => Refused(Ingress($$""" "rules":[{ {{rule}} }] """), "spec.rules[0]." + why);

    [Theory]
    [InlineData(""" "path":"foo","pathType":"Prefix" """, "path: Invalid value: \"foo\": must be an absolute path")]
    [InlineData(""" "path":"","pathType":"Exact" """, "path: Invalid value: \"\": must be an absolute path")]
    [InlineData(""" "path":"/a//b","pathType":"Prefix" """, "path: Invalid value: \"/a//b\": must not contain '//'")]
    [InlineData(""" "path":"/","pathType":"Foo" """, "pathType: Unsupported value: \"Foo\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\"")]
    public void A_path_that_makes_no_sense_is_invalid(string path, string why) =>
        Refused(Ingress($$""" "rules":[{"http":{"paths":[{ {{path}},"backend":{"service":{"name":"s","port":{"number":80} } } }]} }] """), "spec.rules[0].http.paths[0]." + why);

    [Theory]
    [InlineData(""" "service":{"name":"s"} """, ": Required value: port name or number is required")]
    [InlineData(""" "service":{"name":"","port":{"number":80} } """, ".service.name: Required value")]
    [InlineData(""" "service":{"name":"s","port":{"number":80,"name":"b"} } """, ": Invalid value: \"\": cannot set both port name & port number")]
    [InlineData(""" "service":{"name":"s","port":{"number":70000} } """, ".service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("", ": Invalid value: \"\": resource or service backend is required")]
    public void A_backend_that_makes_no_sense_is_invalid(string backend, string why)
    {
        Refused(Ingress($$""" "rules":[{"http":{"paths":[{"path":"/","pathType":"Prefix","backend":{ {{backend}} } }]} }] """), "spec.rules[0].http.paths[0].backend" + why);
        Refused(Ingress($$""" "defaultBackend":{ {{backend}} } """), "spec.defaultBackend" + why);
    }

    [Fact]
    public void An_ingress_leads_somewhere() => Refused(Ingress(""), "spec: Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified");

    [Fact]
    public void An_ingress_may_have_a_wildcard() => Ingress(""" "rules":[{"host":"*.example.org"}] """).Created();

    [Theory]
    [InlineData(""" "policyTypes":["Foo"] """, "policyTypes[0]: Unsupported value: \"Foo\": supported values: \"Ingress\", \"Egress\"")]
    [InlineData(""" "ingress":[{"from":[{"ipBlock":{"cidr":"bad"} }]}] """, "ingress[0].from[0].ipBlock.cidr: Invalid value: \"bad\": not a valid CIDR")]
    [InlineData(""" "egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["11.0.0.0/8"]} }]}] """, "egress[0].to[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/8\": must be a strict subset of `cidr`")]
    [InlineData(""" "ingress":[{"from":[{}]}] """, "ingress[0].from[0]: Required value: must specify a peer")]
    [InlineData(""" "ingress":[{"from":[{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8"} }]}] """, "ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer")]
    [InlineData(""" "egress":[{"ports":[{"port":70000}]}] """, "egress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData(""" "egress":[{"ports":[{"protocol":"Foo"}]}] """, "egress[0].ports[0].protocol: Unsupported value: \"Foo\": supported values: \"TCP\", \"UDP\", \"SCTP\"")]
    public void A_network_policy_that_makes_no_sense_is_invalid(string spec, string why) =>
        Refused(New("networking.k8s.io/v1", "NetworkPolicy", $$""" "spec":{"podSelector":{},{{spec}} } """, "networkpolicies"), "spec." + why);

    [Fact]
    public void A_network_may_be_written_by_an_address_in_it() =>
        New("networking.k8s.io/v1", "NetworkPolicy", """ "spec":{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.1.2.3/8","except":["10.1.0.0/16"]} }]}]} """, "networkpolicies").Created();

    [Theory]
    [InlineData("RoleBinding", """ "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Foo","name":"x"} """, "roleRef.kind: Unsupported value: \"Foo\": supported values: \"Role\", \"ClusterRole\"")]
    [InlineData("RoleBinding", """ "roleRef":{"apiGroup":"foo","kind":"Role","name":"x"} """, "roleRef.apiGroup: Unsupported value: \"foo\": supported values: \"" + Group + "\"")]
    [InlineData("RoleBinding", """ "roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{"kind":"Foo","name":"x"}] """, "subjects[0].kind: Unsupported value: \"Foo\": supported values: \"ServiceAccount\", \"User\", \"Group\"")]
    [InlineData("RoleBinding", """ "roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":""}] """, "subjects[0].name: Required value")]
    [InlineData("ClusterRoleBinding", """ "roleRef":{"kind":"Role","name":"x"} """, "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"")]
    [InlineData("ClusterRoleBinding", """ "roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{"kind":"ServiceAccount","name":"x"}] """, "subjects[0].namespace: Required value")]
    public void A_binding_that_makes_no_sense_is_invalid(string kind, string rest, string why) => Refused(New(Group + "/v1", kind, rest), why);

    [Theory]
    [InlineData(""" "provisioner":"" """, "provisioner: Required value")]
    [InlineData(""" "provisioner":"a","reclaimPolicy":"Foo" """, "reclaimPolicy: Unsupported value: \"Foo\": supported values: \"Delete\", \"Retain\"")]
    [InlineData(""" "provisioner":"a","volumeBindingMode":"Foo" """, "volumeBindingMode: Unsupported value: \"Foo\": supported values: \"Immediate\", \"WaitForFirstConsumer\"")]
    public void A_storage_class_that_makes_no_sense_is_invalid(string rest, string why) => Refused(New("storage.k8s.io/v1", "StorageClass", rest, "storageclasses"), why);

    [Theory]
    [InlineData("""{"apiGroups":[""],"resources":["pods"],"verbs":[]}""", "verbs: Required value: verbs must contain at least one value")]
    [InlineData("""{"apiGroups":[""],"resources":["pods"]}""", "verbs: Required value: verbs must contain at least one value")]
    [InlineData("""{"apiGroups":[],"resources":["pods"],"verbs":["get"]}""", "apiGroups: Required value: resource rules must supply at least one api group")]
    [InlineData("""{"apiGroups":[""],"verbs":["get"]}""", "resources: Required value: resource rules must supply at least one resource")]
    [InlineData("""{"nonResourceURLs":["/x"],"apiGroups":[""],"verbs":["get"]}""", "nonResourceURLs: Invalid value: []string{\"/x\"}: rules cannot apply to both regular resources and non-resource URLs")]
    public void A_role_allows_something(string rule, string why) => Refused(New(Group + "/v1", "ClusterRole", $""" "rules":[{rule}] """), "rules[0]." + why);

    [Fact]
    public void A_role_of_a_namespace_has_resources_alone() => Refused(
        New(Group + "/v1", "Role", """ "rules":[{"nonResourceURLs":["/x"],"verbs":["get"]}] """), "rules[0].nonResourceURLs: Invalid value: []string{\"/x\"}: namespaced rules cannot apply to non-resource URLs");

    [Fact]
    public void A_role_made_of_others_says_of_which() => Refused(
        New(Group + "/v1", "ClusterRole", """ "aggregationRule":{} """), "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil");

    [Fact]
    public void A_binding_keeps_its_role()
    {
        var path = $"/apis/{Group}/v1/namespaces/{Server.Namespace}/rolebindings";
        var name = NewName("r");
        Post(path, Object(Group + "/v1", "RoleBinding", name, """ "roleRef":{"kind":"ClusterRole","name":"view"} """)).Created();
        Refused(Patch($"{path}/{name}", """{"roleRef":{"name":"edit"} }"""), $"roleRef: Invalid value: rbac.RoleRef{{APIGroup:\"{Group}\", Kind:\"ClusterRole\", Name:\"edit\"}}: cannot change roleRef");
    }

    [Theory]
    [InlineData("system-x", 5, "system-x is not a known system priority class")]
    [InlineData("system-node-critical", 5, "value of system-node-critical PriorityClass must be 2000001000")]
    public void Priorities_of_the_system_are_its_own(string name, int value, string why) => Refused(
        Post("/apis/scheduling.k8s.io/v1/priorityclasses?dryRun=All", Object("scheduling.k8s.io/v1", "PriorityClass", name, $""" "value":{value} """)),
        $"metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: {why}");

    [Fact]
    public void A_priority_keeps_its_value()
    {
        var name = NewName("p");
        Post("/apis/scheduling.k8s.io/v1/priorityclasses", Object("scheduling.k8s.io/v1", "PriorityClass", name, """ "value":5 """)).Created();
        Server.DeleteLater($"/apis/scheduling.k8s.io/v1/priorityclasses/{name}");
        Refused(Patch($"/apis/scheduling.k8s.io/v1/priorityclasses/{name}", """{"value":6}"""), "Value: Forbidden: may not be changed in an update.");
    }

    [Theory]
    [InlineData(""" "minReplicas":5,"maxReplicas":3 """, "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`")]
    [InlineData(""" "minReplicas":-1,"maxReplicas":3 """, "spec.minReplicas: Invalid value: -1: must be greater than or equal to 1")]
    [InlineData(""" "minReplicas":0,"maxReplicas":3 """, "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1", "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas")]
    [InlineData("", "spec.maxReplicas: Invalid value: 0: must be greater than 0", "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`")]
    [InlineData(""" "maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":""} """, "spec.scaleTargetRef.name: Required value")]
    [InlineData(""" "maxReplicas":3,"scaleTargetRef":{"kind":"a/b","name":".."} """, "spec.scaleTargetRef.kind: Invalid value: \"a/b\": may not contain '/'", "spec.scaleTargetRef.name: Invalid value: \"..\": may not be '..'")]
    [InlineData(""" "maxReplicas":3,"scaleTargetRef":null """, "spec.scaleTargetRef.kind: Required value", "spec.scaleTargetRef.name: Required value")]
    public void An_autoscaler_that_makes_no_sense_is_invalid(string spec, params string[] why) =>
        Refused(New("autoscaling/v1", "HorizontalPodAutoscaler", $$""" "spec":{ {{(spec.Contains("scaleTargetRef", StringComparison.Ordinal) ? spec : """ "scaleTargetRef":{"kind":"Deployment","name":"a"} """ + (spec.Length == 0 ? "" : "," + spec))}} } """), why);

    [Fact]
    public void A_priority_has_an_upper_bound() =>
        Refused(New("scheduling.k8s.io/v1", "PriorityClass", """ "value":1500000000 """, "priorityclasses"), "value: Forbidden: maximum allowed value of a user defined priority is 1000000000");

    [Theory]
    [InlineData("3000000000")]
    [InlineData("-3000000000")]
    public void A_number_that_has_no_room_cannot_be_read(string value)
    {
        var answer = New("scheduling.k8s.io/v1", "PriorityClass", $$""" "value":{{value}} """, "priorityclasses").Fails(400, "BadRequest");
        Assert.StartsWith("PriorityClass in version \"v1\" cannot be handled as a PriorityClass: ", answer["message"], StringComparison.Ordinal);
    }

    private ApiAnswer Cron(string spec) => New(Since(VersionDifference.StableSchedules, "batch/v1", "batch/v1beta1"), "CronJob", $$""" "spec":{ {{spec}} } """);

    private ApiAnswer Budget(string spec) => New(Since(VersionDifference.StableSchedules, "policy/v1", "policy/v1beta1"), "PodDisruptionBudget", $$""" "spec":{"selector":{"matchLabels":{"a":"b"} },{{spec}} } """);

    private ApiAnswer Ingress(string spec) => New("networking.k8s.io/v1", "Ingress", $$""" "spec":{ {{spec}} } """, "ingresses");

    private ApiAnswer New(string apiVersion, string kind, string rest, string? plural = null)
    {
        var isShared = kind is "ClusterRole" or "ClusterRoleBinding" or "StorageClass" or "PriorityClass";
        return Post($"/apis/{apiVersion}/{(isShared ? "" : $"namespaces/{Server.Namespace}/")}{plural ?? kind.ToLowerInvariant() + "s"}?dryRun=All", Object(apiVersion, kind, NewName("r"), rest));
    }
}

/// <inheritdoc/>
public sealed class SandboxRefusal(SandboxUnderTest server) : RefusalChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabRefusal(LabUnderTest server) : RefusalChecks(server), IClassFixture<LabUnderTest>;
