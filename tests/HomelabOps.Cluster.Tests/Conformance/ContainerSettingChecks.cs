using System.Globalization;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>What a kubelet gives to the processes of a container: variables, arguments, a user and what they may write.</summary>
public abstract class ContainerSettingChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    [Theory]
    [InlineData("$(ONE)-$(TWO)-$(NONE)", "1-1x-$(NONE)")]
    [InlineData("$$(ONE) $$ONE $$$$ $$$(ONE)", "$(ONE) $ONE $$ $1")]
    [InlineData("$ONE $(ONE $(", "$ONE $(ONE $(")]
    [InlineData("$(SPACED)", "a  b")]
    public void References_in_arguments_have_their_values(string argument, string expected) => Assert.Equal(
        expected + "\n",
        Log($$""" "command":["echo"],"args":["{{argument}}"],"env":[{"name":"ONE","value":"1"},{"name":"TWO","value":"$(ONE)x"},{"name":"SPACED","value":"a  b"}] """));

    [Fact]
    public void Variables_refer_to_those_before_them() => Assert.Equal(
        "1 $(B) 1 $(A)\n",
        Log(""" "command":["sh","-c","echo \"$A $C $D $E\""],"env":[{"name":"A","value":"1"},{"name":"C","value":"$(B)"},{"name":"B","value":"2"},{"name":"D","value":"$(A)"},{"name":"E","value":"$$(A)"}] """));

    [Fact]
    public void Requests_and_limits_are_given_in_units_of_their_divisor() => Assert.Equal(
        "1 250 33554432 32 0\n",
        Log("""
             "command":["sh","-c","echo $CPU $MILLI $BYTES $MEGA $NOTHING"],"resources":{"requests":{"cpu":"250m","memory":"16Mi"},"limits":{"cpu":"250m","memory":"32Mi"} },"env":[
            {"name":"CPU","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"} } },{"name":"MILLI","valueFrom":{"resourceFieldRef":{"resource":"requests.cpu","divisor":"1m"} } },
            {"name":"BYTES","valueFrom":{"resourceFieldRef":{"resource":"limits.memory"} } },{"name":"MEGA","valueFrom":{"resourceFieldRef":{"resource":"limits.memory","divisor":"1Mi"} } },
            {"name":"NOTHING","valueFrom":{"resourceFieldRef":{"resource":"requests.ephemeral-storage"} } }]
            """));

    [Fact]
    public void What_has_no_limit_may_have_all_of_its_node()
    {
        var cores = long.Parse(Get("/api/v1/nodes/k3s-w1").Ok()["status.allocatable.cpu"]!, CultureInfo.InvariantCulture);
        Assert.Equal($"{cores}\n", Log(""" "command":["sh","-c","echo $CPU"],"env":[{"name":"CPU","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"} } }] """));
    }

    [Fact]
    public void Services_are_found_by_variables()
    {
        var api = Get("/api/v1/namespaces/default/services/kubernetes").Ok()["spec.clusterIP"];
        Assert.Equal($"{api} 443 443 tcp://{api}:443\n", Log(""" "command":["sh","-c","echo $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT $KUBERNETES_SERVICE_PORT_HTTPS $KUBERNETES_PORT"] """));

        var name = NewName("v");
        var address = Post($"{Core}/services", Object("v1", "Service", name, """ "spec":{"selector":{"a":"b"},"ports":[{"name":"web-ui","port":80},{"name":"dns","port":53,"protocol":"UDP"}]} """)).Created()["spec.clusterIP"];
        var prefix = name.Replace('-', '_').ToUpperInvariant();
        var script = $"echo ${prefix}_SERVICE_HOST ${prefix}_SERVICE_PORT ${prefix}_SERVICE_PORT_DNS ${prefix}_PORT ${prefix}_PORT_53_UDP ${prefix}_PORT_53_UDP_PROTO ${prefix}_PORT_80_TCP_PORT ${prefix}_PORT_80_TCP_ADDR";

        // A kubelet learns of a Service in its own time.
        var expected = $"{address} 80 53 tcp://{address}:80 udp://{address}:53 udp 80 {address}\n";
        Eventually(() => Logged($$""" "command":["sh","-c","{{script}}"] """), log => log.Text == expected);
        Assert.Equal($"{api} none\n", Log($$""" "command":["sh","-c","echo $KUBERNETES_SERVICE_HOST ${{{prefix}}_SERVICE_HOST:-none}"] """, """ ,"enableServiceLinks":false """));
    }

    [Theory]
    [InlineData("", "", "uid=0(root) gid=0(root)")]
    [InlineData(""" "runAsUser":1000,"runAsGroup":2000,"fsGroup":3000 """, "", "uid=1000 gid=2000 groups=2000,3000")]
    [InlineData(""" "runAsUser":1000,"runAsGroup":2000,"supplementalGroups":[4,5] """, """ "runAsUser":7 """, "uid=7 gid=2000 groups=")]
    public void A_container_runs_as_its_user(string pod, string container, string user) =>
        Assert.StartsWith(user, Log($$""" "command":["id"],"securityContext":{ {{container}} } """, $$""" ,"securityContext":{ {{pod}} } """), StringComparison.Ordinal);

    [Fact]
    public void What_must_not_be_written_is_not_written() => Assert.Equal(
        "touch: /x: Read-only file system\n",
        Log(""" "command":["sh","-c","touch /x 2>&1; echo a >/dev/null"],"securityContext":{"readOnlyRootFilesystem":true} """));

    [Theory]
    [InlineData(""" "runAsNonRoot":true """, "container has runAsNonRoot and image will run as root")]
    [InlineData(""" "runAsNonRoot":true,"runAsUser":0 """, "container's runAsUser breaks non-root policy")]
    public void A_container_that_must_not_run_as_root_is_not_made(string context, string message)
    {
        var path = NewPod(NewName("v"), $$""" "nodeName":"k3s-w1","containers":[{"name":"a","image":"docker.io/library/busybox:1.36","imagePullPolicy":"IfNotPresent","command":["id"],"securityContext":{ {{context}} } }] """);
        var pod = Eventually(() => Get(path), found => found["status.containerStatuses[0].state.waiting.message"] is not null);
        Assert.Equal("CreateContainerConfigError", pod["status.containerStatuses[0].state.waiting.reason"]);
        Assert.Equal($"{message} (pod: \"{pod["metadata.name"]}_{Server.Namespace}({pod["metadata.uid"]})\", container: a)", pod["status.containerStatuses[0].state.waiting.message"]);
    }

    // A pod that runs to its end, and what it has written until then.
    private string Log(string container, string more = "") => Logged(container, more).Text;

    private ApiAnswer Logged(string container, string more = "")
    {
        var path = NewPod(NewName("v"), $$""" "nodeName":"k3s-w1","restartPolicy":"Never","containers":[{"name":"a","image":"docker.io/library/busybox:1.36","imagePullPolicy":"IfNotPresent",{{container}} }]{{more}} """);
        Eventually(() => Get(path), pod => pod["status.phase"] is "Succeeded" or "Failed");
        return Get(path + "/log").Ok();
    }
}

/// <inheritdoc/>
public sealed class SandboxContainerSetting(HomelabUnderTest server) : ContainerSettingChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabContainerSetting(LabUnderTest server) : ContainerSettingChecks(server), IClassFixture<LabUnderTest>;
