using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ContactCenter.Load;

/// <summary>
/// One keep-alive HTTP/1.1 connection that sends prepared bytes and reads one answer. Blocking on purpose: the client
/// shares the machine with what it measures, and a thread that sends and receives costs two system calls a request,
/// less than any asynchronous client.
/// </summary>
sealed class Wire : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = 10_000,
        SendTimeout = 10_000,
    };

    byte[] buffer = new byte[16 * 1024];

    public Wire(Uri server) => socket.Connect(IPAddress.Parse(server.Host), server.Port);

    /// <summary>Sends the request and reads its whole answer; returns the status.</summary>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        while (!request.IsEmpty)
            request = request[socket.Send(request)..];

        var length = 0;
        var whole = -1;
        while (whole < 0)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, length * 2);
            var read = socket.Receive(buffer.AsSpan(length));
            if (read == 0)
                throw new IOException("The server closed the connection in the middle of an answer.");
            length += read;
            whole = Length(buffer.AsSpan(0, length));
        }
        return Utf8Parser.TryParse(buffer.AsSpan(9, 3), out int status, out _) ? status : 0;
    }

    /// <summary>The first bytes of the last answer, for a complaint.</summary>
    public string Answer(int length) => Encoding.UTF8.GetString(buffer.AsSpan(0, length)).TrimEnd('\0');

    public void Dispose() => socket.Dispose();

    /// <summary>Length of the answer once all of it is there, −1 before.</summary>
    static int Length(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8) + 4;
        if (head < 4)
            return -1;
        var declared = answer[..head].IndexOf("Content-Length: "u8);
        if (declared >= 0)
        {
            return Utf8Parser.TryParse(answer[(declared + 16)..], out int body, out _) && answer.Length >= head + body ? head + body : -1;
        }
        // One request is under way at a time, so the end of a chunked answer is the end of what came.
        var chunked = answer[..head].IndexOf("Transfer-Encoding: chunked"u8) >= 0;
        return !chunked || answer.EndsWith("0\r\n\r\n"u8) ? answer.Length : -1;
    }
}

/// <summary>A form POST as bytes, with the 36 characters of its client-made id at a known place so that it can be sent again as another message.</summary>
sealed class PreparedPost
{
    readonly byte[] bytes;
    readonly int id;

    public PreparedPost(Uri server, string path, string text, params (string Name, string Value)[] headers)
    {
        var body = $"text={Uri.EscapeDataString(text)}&id={Guid.Empty}";
        var lines = string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        bytes = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{lines}" +
            $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        id = bytes.Length - 36;
    }

    public ReadOnlySpan<byte> As(Guid message)
    {
        message.TryFormat(bytes.AsSpan(id), out _);
        return bytes;
    }
}
