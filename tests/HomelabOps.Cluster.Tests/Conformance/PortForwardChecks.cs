namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Ports of pods over the WebSocket that every version speaks: two channels a port, for data and for errors, each begun with the number of the port.</summary>
public abstract class PortForwardChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private const string Protocol = "v4.channel.k8s.io";
    private const string Request = "GET /ping HTTP/1.0\r\n\r\n";
    private static readonly byte[] Preamble = BitConverter.GetBytes((ushort)Port);

    [Fact]
    public void Bytes_go_both_ways_until_the_pod_has_said_all()
    {
        using var socket = Forward(Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        socket.Send(0, Request);
        socket.ToEnd();
        Assert.Equal(Protocol, socket.Protocol);
        Assert.Equal(Preamble, socket.Bytes(0)[..2]);
        Assert.Equal(Preamble, socket.Bytes(1));
        Assert.StartsWith("HTTP/1.", socket[0][2..], StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello\n", socket[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_may_come_in_pieces()
    {
        using var socket = Forward("8080");
        foreach (var piece in Request.Chunk(7))
        {
            socket.Send(0, new string(piece));
        }

        socket.Until(0, "\r\n\r\nhello\n");
    }

    [Fact]
    public void Several_connections_do_not_know_of_each_other()
    {
        using var first = Forward("8080");
        using var second = Forward("8080");
        first.Send(0, "GET /pi");
        second.Send(0, "GET /nothing HTTP/1.0\r\n\r\n");
        second.Until(0, " 404 Not Found");
        first.Send(0, "ng HTTP/1.0\r\n\r\n");
        first.Until(0, "\r\n\r\nhello\n");
    }

    [Fact]
    public void A_port_on_which_nobody_listens_is_told_as_an_error()
    {
        using var socket = Forward("9");
        socket.Send(0, "x");
        socket.Until(1, "connect: connection refused");
        Assert.StartsWith("\t\0error forwarding port 9 to pod ", socket[1], StringComparison.Ordinal);
        socket.ToEnd();
        Assert.Equal(2, socket.Bytes(0).Length);
    }

    [Fact]
    public void A_port_must_be_named() => Assert.Equal("query parameter \"port\" is required", Refusal(Web + "/portforward", Protocol).Expect(400).Text.Trim());

    [Fact]
    public void A_port_is_a_number() =>
        Assert.StartsWith("cannot convert to []int32: strconv.ParseUint: parsing \"x\": invalid syntax", Refusal(Web + "/portforward?ports=x", Protocol).Fails(400, "BadRequest")["message"], StringComparison.Ordinal);

    [Fact]
    public void A_pod_needs_a_node() => Refusal(Unplaced + "/portforward?ports=8080", Protocol).Fails(400, "BadRequest", "pod unplaced does not have a host assigned");

    [Fact]
    public void A_pod_must_be_there() => Refusal(Core + "/pods/none/portforward?ports=8080", Protocol).Fails(404, "NotFound", "pods \"none\" not found");

    [Fact]
    public void Without_an_upgrade_nothing_is_forwarded() => Get(Web + "/portforward?ports=8080").Fails(400, "BadRequest", "Upgrade request required");

    [Fact]
    public void A_protocol_that_nobody_speaks_is_refused() => Refusal(Web + "/portforward?ports=8080", "nonsense").Expect(403);

    private ApiSocket Forward(string ports) => Socket($"{Web}/portforward?ports={ports}", Protocol);
}

/// <inheritdoc/>
public sealed class SandboxPortForward(HomelabUnderTest server) : PortForwardChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabPortForward(LabUnderTest server) : PortForwardChecks(server), IClassFixture<LabUnderTest>;
