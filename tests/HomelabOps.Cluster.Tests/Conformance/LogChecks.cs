using System.Globalization;
using System.Text.RegularExpressions;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>The logs of containers.</summary>
public abstract partial class LogChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    [Theory]
    [InlineData("", "one\ntwo\nthree\n")]
    [InlineData("&tailLines=1", "three\n")]
    [InlineData("&tailLines=2", "two\nthree\n")]
    [InlineData("&tailLines=100", "one\ntwo\nthree\n")]
    [InlineData("&tailLines=0", "")]
    [InlineData("&limitBytes=5", "one\nt")]
    [InlineData("&tailLines=2&limitBytes=6", "two\nth")]
    [InlineData("&sinceSeconds=1000000", "one\ntwo\nthree\n")]
    [InlineData("&sinceTime=2099-01-01T00:00:00Z", "")]
    [InlineData("&previous=false&timestamps=false&follow=false", "one\ntwo\nthree\n")]
    public void A_log_comes_as_far_as_it_is_asked_for(string query, string text)
    {
        var answer = Log(Web, "web", query).Ok();
        Assert.Equal(("text/plain", text), (answer.Headers["Content-Type"].Split(';')[0], answer.Text));
    }

    [Fact]
    public void Lines_have_their_times_to_the_nanosecond_when_they_are_asked_for()
    {
        var lines = Log(Web, "web", "&timestamps=true").Ok().Text.TrimEnd('\n').Split('\n');
        Assert.Equal(["one", "two", "three"], lines.Select(line => line.Split(' ', 2)[1]));
        Assert.All(lines, line => Assert.Matches(Stamp, line.Split(' ', 2)[0]));
        Assert.Equal(lines.Order(StringComparer.Ordinal).Select(line => line.Split(' ')[0]), lines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void What_came_before_a_time_is_left_out()
    {
        var stamp = Log(Web, "web", "&timestamps=true&tailLines=1").Ok().Text.Split(' ')[0];
        var after = DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture).AddSeconds(2).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Assert.Equal("", Log(Web, "web", $"&sinceTime={after}").Ok().Text);
    }

    [Fact]
    public void A_followed_log_comes_line_by_line_and_ends_with_its_container()
    {
        var path = NewRunning(NewName("ticks"), $$""" "restartPolicy":"Never","containers":[{{Container("a", "for i in 1 2 3 4 5 6; do echo tick $i; sleep 2; done")}}] """);
        using (var log = Server.Follow($"{path}/log?follow=true"))
        {
            // The first line is there while the container runs on.
            Assert.Equal("tick 1", log.ReadLine());
            Assert.Equal("Running", Get(path)["status.phase"]);
            Assert.Equal("tick 2\ntick 3\ntick 4\ntick 5\ntick 6\n", log.ReadToEnd());
        }

        Eventually(() => Get(path), pod => pod["status.phase"] == "Succeeded");
        Assert.Equal("tick 5\ntick 6\n", Get(path + "/log?follow=true&tailLines=2").Ok().Text);
    }

    [Fact]
    public void The_log_of_the_run_before_is_kept()
    {
        var path = NewPod(NewName("crash"), $$""" "nodeName":"k3s-w1","containers":[{{Container("a", "echo run; exit 3")}}] """);
        Eventually(() => Get(path), pod => pod["status.containerStatuses[0].lastState.terminated.exitCode"] == "3");

        // A kubelet that is just taking the oldest run away may say so instead.
        Eventually(() => Get(path + "/log?previous=true"), answer => answer.Text == "run\n").Ok();
        Eventually(() => Get(path + "/log"), answer => answer.Text == "run\n").Ok();
        Delete(path + "?gracePeriodSeconds=0").Ok();
    }

    [Fact]
    public void There_need_not_be_a_run_before() => Log(Web, "web", "&previous=true").Fails(400, "BadRequest", "previous terminated container \"web\" in pod \"web\" not found");

    [Fact]
    public void A_container_must_be_there() => Log(Web, "none").Fails(400, "BadRequest", "container none is not valid for pod web");

    [Fact]
    public void One_of_several_containers_must_be_named() =>
        Get(Web + "/log").Fails(400, "BadRequest", "a container name must be specified for pod web, choose one of: [web side]");

    [Fact]
    public void Init_containers_may_be_chosen_too()
    {
        var path = NewPod(NewName("init"), """ "schedulerName":"nobody","initContainers":[{"name":"i","image":"a:1"}],"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"a:1"}] """);
        Get(path + "/log").Fails(400, "BadRequest", $"a container name must be specified for pod {path[(path.LastIndexOf('/') + 1)..]}, choose one of: [i a b]");
    }

    [Fact]
    public void A_container_that_waits_has_none() =>
        Get(Imageless + "/log").Fails(400, "BadRequest", "container \"a\" in pod \"imageless\" is waiting to start: ErrImageNeverPull");

    [Fact]
    public void A_pod_without_a_node_has_none() => Assert.Equal("", Get(Unplaced + "/log").Expect(204).Text);

    [Fact]
    public void A_pod_must_be_there() => Get(Core + "/pods/none/log").Fails(404, "NotFound", "pods \"none\" not found");

    [Theory]
    [InlineData("tailLines=-1", "tailLines: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("limitBytes=0", "limitBytes: Invalid value: 0: must be greater than 0")]
    [InlineData("sinceSeconds=0", "sinceSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("sinceSeconds=5&sinceTime=2020-01-01T00:00:00Z", "[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified")]
    public void Options_that_make_no_sense_are_invalid(string query, string why)
    {
        var answer = Log(Web, "web", "&" + query);
        Refused(answer, why);
        answer.Fails(422, "Invalid", $"PodLogOptions \"web\" is invalid: {why}");
    }

    [Theory]
    [InlineData("tailLines=x", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("sinceTime=x", "parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"")]
    public void Options_of_another_type_are_bad(string query, string why) => Log(Web, "web", "&" + query).Fails(400, "BadRequest", why);

    [Fact]
    public void A_log_is_only_read() => Post(Web + "/log?container=web", "{}").Fails(405, "MethodNotAllowed");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$", RegexOptions.None, 1000)]
    private static partial Regex Stamp { get; }

    private ApiAnswer Log(string pod, string container, string query = "") => Get($"{pod}/log?container={container}{query}");
}

/// <inheritdoc/>
public sealed class SandboxLog(HomelabUnderTest server) : LogChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabLog(LabUnderTest server) : LogChecks(server), IClassFixture<LabUnderTest>;
