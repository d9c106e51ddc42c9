namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>What a server refuses of a pod, and therefore of each template.</summary>
public abstract class PodRefusalChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string QualifiedName = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private const string PortName = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
    private const string Terms = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483648")]
    public void A_pod_has_some_time(string seconds) => Refused(
        Post($"{Core}/pods?dryRun=All", Pod(NewName("p"), $""" "activeDeadlineSeconds":{seconds} """)), $"spec.activeDeadlineSeconds: Invalid value: {seconds}: must be between 1 and 2147483647, inclusive");

    [Theory]
    [InlineData(""" "livenessProbe":{"httpGet":{"path":"/"} } """, "livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData(""" "livenessProbe":{"tcpSocket":{} } """, "livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData(""" "lifecycle":{"preStop":{"httpGet":{} } } """, "lifecycle.preStop.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData(""" "livenessProbe":{"httpGet":{"port":""} } """, "livenessProbe.httpGet.port: Invalid value: \"\": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)", "livenessProbe.httpGet.port: Invalid value: \"\": must contain at least one letter or number (a-z, 0-9)")]
    public void What_is_called_has_a_port(string part, params string[] why) => Refused(
        Post($"{Core}/pods?dryRun=All", Object("v1", "Pod", NewName("p"), $$""" "spec":{"containers":[{"name":"a","image":"a:1",{{part}} }]} """)), [.. why.Select(text => "spec.containers[0]." + text)]);

    [Fact]
    public void A_folder_of_a_node_is_not_above_another() => Refused(
        Post($"{Core}/pods?dryRun=All", Pod(NewName("p"), """ "volumes":[{"name":"v","hostPath":{"path":"/a/../b"} }] """)), "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'");

    [Theory]
    [InlineData(""" "livenessProbe":{"httpGet":{"port":80},"tcpSocket":{"port":80} } """, "livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type")]
    [InlineData(""" "readinessProbe":{} """, "readinessProbe: Required value: must specify a handler type")]
    [InlineData(""" "startupProbe":{"exec":{"command":[]} } """, "startupProbe.exec.command: Required value")]
    [InlineData(""" "livenessProbe":{"tcpSocket":{"port":80},"periodSeconds":-1} """, "livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData(""" "livenessProbe":{"tcpSocket":{"port":80},"successThreshold":2} """, "livenessProbe.successThreshold: Invalid value: 2: must be 1")]
    [InlineData(""" "livenessProbe":{"tcpSocket":{"port":0} } """, "livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData(""" "livenessProbe":{"httpGet":{"port":"Bad_"} } """, "livenessProbe.httpGet.port: Invalid value: \"Bad_\": " + PortName)]
    [InlineData(""" "livenessProbe":{"httpGet":{"port":80,"scheme":"Foo"} } """, "livenessProbe.httpGet.scheme: Unsupported value: \"Foo\": supported values: \"HTTP\", \"HTTPS\"")]
    [InlineData(""" "lifecycle":{"preStop":{} } """, "lifecycle.preStop: Required value: must specify a handler type")]
    [InlineData(""" "lifecycle":{"preStop":{"exec":{"command":[]} } } """, "lifecycle.preStop.exec.command: Required value")]
    [InlineData(""" "env":[{"name":"a","value":"x","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"} } }] """, "env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty")]
    [InlineData(""" "env":[{"name":"a","valueFrom":{} }] """, "env[0].valueFrom: Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`")]
    [InlineData(""" "env":[{"name":"a","valueFrom":{"configMapKeyRef":{"name":"x","key":""} } }] """, "env[0].valueFrom.configMapKeyRef.key: Required value")]
    [InlineData(""" "envFrom":[{}] """, "envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`")]
    [InlineData(""" "envFrom":[{"configMapRef":{"name":"x"},"secretRef":{"name":"y"} }] """, "envFrom: Invalid value: \"\": may not have more than one field specified at a time")]
    [InlineData(""" "envFrom":[{"configMapRef":{} }] """, "envFrom[0].configMapRef.name: Required value")]
    [InlineData(""" "volumeMounts":[{"name":"v","mountPath":""}] """, "volumeMounts[0].mountPath: Required value")]
    [InlineData(""" "volumeMounts":[{"name":"v","mountPath":"/a"},{"name":"v","mountPath":"/a"}] """, "volumeMounts[1].mountPath: Invalid value: \"/a\": must be unique")]
    [InlineData(""" "volumeMounts":[{"name":"v","mountPath":"/a","subPath":"../x"}] """, "volumeMounts.subPath: Invalid value: \"../x\": must not contain '..'")]
    [InlineData(""" "ports":[{"containerPort":80,"name":"Bad_"}] """, "ports[0].name: Invalid value: \"Bad_\": " + PortName)]
    [InlineData(""" "ports":[{"containerPort":80,"name":"a"},{"containerPort":81,"name":"a"}] """, "ports[1].name: Duplicate value: \"a\"")]
    [InlineData(""" "image":" a:1" """, "image: Invalid value: \" a:1\": must not have leading or trailing whitespace")]
    public void A_container_that_makes_no_sense_is_invalid(string container, string why) =>
        Refused(New($$""" "volumes":[{"name":"v"}],"containers":[{"name":"a","image":"a:1",{{container}} }] """), "spec.containers[0]." + why);

    [Fact]
    public void A_variable_is_called_without_an_equals_sign()
    {
        var why = Since(
            VersionDifference.RelaxedVariables,
            "a valid environment variable name must consist only of printable ASCII characters other than '='",
            "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')");
        Refused(New(""" "containers":[{"name":"a","image":"a:1","env":[{"name":"1=2"}]}] """), $"spec.containers[0].env[0].name: Invalid value: \"1=2\": {why}");
    }

    [Theory]
    [InlineData(""" "volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/x"} }] """, "volumes[0].hostPath: Forbidden: may not specify more than 1 volume type")]
    [InlineData(""" "volumes":[{"name":""}] """, "volumes[0].name: Required value")]
    [InlineData(""" "tolerations":[{"key":"a","operator":"Foo"}] """, "tolerations[0].operator: Unsupported value: \"Foo\": supported values: \"Equal\", \"Exists\"")]
    [InlineData(""" "tolerations":[{"key":"","operator":"Equal","value":"x"}] """, "tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when `key` is empty, which means \"match all values and all keys\"")]
    [InlineData(""" "tolerations":[{"key":"a","operator":"Exists","value":"x"}] """, "tolerations[0].operator: Invalid value: core.Toleration{Key:\"a\", Operator:\"Exists\", Value:\"x\", Effect:\"\", TolerationSeconds:(*int64)(nil)}: value must be empty when `operator` is 'Exists'")]
    [InlineData(""" "tolerations":[{"key":"a","effect":"Foo"}] """, "tolerations[0].effect: Unsupported value: \"Foo\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"")]
    [InlineData(""" "tolerations":[{"key":"a","tolerationSeconds":5,"effect":"NoSchedule"}] """, "tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set")]
    [InlineData(""" "dnsPolicy":"Foo" """, "dnsPolicy: Unsupported value: \"Foo\": supported values: \"ClusterFirstWithHostNet\", \"ClusterFirst\", \"Default\", \"None\"")]
    [InlineData(""" "dnsPolicy":"None" """, "dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None")]
    [InlineData(""" "nodeSelector":{"a b":"c"} """, "nodeSelector: Invalid value: \"a b\": " + QualifiedName)]
    [InlineData(""" "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]} } } """, Terms + ": Required value: must have at least one node selector term")]
    [InlineData(""" "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"Foo"}]}]} } } """, Terms + "[0].matchExpressions[0].operator: Invalid value: \"Foo\": not a valid selector operator")]
    [InlineData(""" "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"Gt","values":["1","2"]}]}]} } } """, Terms + "[0].matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'")]
    [InlineData(""" "nodeName":"Bad_" """, "nodeName: Invalid value: \"Bad_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
    public void A_pod_that_makes_no_sense_is_invalid(string spec, string why) => Refused(New($$""" "containers":[{"name":"a","image":"a:1"}],{{spec}} """), "spec." + why);

    [Fact]
    public void A_template_is_checked_as_a_pod_is() =>
        Refused(Post(Apps + "/deployments?dryRun=All", Deployment(NewName("d"), pod: """ "tolerations":[{"key":"a","operator":"Foo"}] """)), "spec.template.spec.tolerations[0].operator: Unsupported value: \"Foo\": supported values: \"Equal\", \"Exists\"");

    private ApiAnswer New(string spec) => Post(Core + "/pods?dryRun=All", Object("v1", "Pod", NewName("p"), $$""" "spec":{ {{spec}} } """));
}

/// <inheritdoc/>
public sealed class SandboxPodRefusal(SandboxUnderTest server) : PodRefusalChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabPodRefusal(LabUnderTest server) : PodRefusalChecks(server), IClassFixture<LabUnderTest>;
