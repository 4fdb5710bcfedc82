using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace FlowKit.Data;

/// <summary>One file over HTTP, continued where an earlier attempt was cut off.</summary>
/// <param name="http">Connects.</param>
/// <param name="address">Of the file.</param>
/// <param name="patience">How long the sender may be silent.</param>
internal sealed class Download(HttpClient http, Uri address, TimeSpan patience)
{
    /// <summary>Fills <paramref name="part"/> to its end.</summary>
    /// <exception cref="IOException">The address cannot be reached, refuses, falls silent or stops early; what came is kept for the next attempt.</exception>
    /// <exception cref="InvalidDataException">The sender has more bytes than the catalog expects; nothing is kept.</exception>
    public async Task To(string part, CatalogFile file, IFetchView view, CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(patience);
        try
        {
            long have = File.Exists(part) ? new FileInfo(part).Length : 0;
            using var response = await Ask(have, silence.Token);
            if (have > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return;     // all of it is here already, or it is of no use: its checksum tells
            if (!response.IsSuccessStatusCode) throw new IOException($"{address} answered {(int)response.StatusCode} {response.ReasonPhrase}.");

            long start = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have ? have : 0;
            long? total = file.Size ?? response.Content.Headers.ContentLength + start;
            await using var source = await response.Content.ReadAsStreamAsync(silence.Token);
            await using var target = new FileStream(part, start > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write);
            await Copy(source, target, start, total, file, view, silence);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"{address.Host} sent nothing for {patience.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException error)
        {
            throw new IOException(error.InnerException is null ? error.Message : $"{error.Message.TrimEnd('.')}: {error.InnerException.Message}", error);
        }
    }

    private Task<HttpResponseMessage> Ask(long have, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (have > 0) request.Headers.Range = new RangeHeaderValue(have, null);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private async Task Copy(Stream source, FileStream target, long start, long? total, CatalogFile file, IFetchView view, CancellationTokenSource silence)
    {
        var clock = Stopwatch.StartNew();
        byte[] buffer = new byte[1 << 17];
        long done = start;
        for (int count; (count = await source.ReadAsync(buffer, silence.Token)) > 0;)
        {
            silence.CancelAfter(patience);
            done += count;
            if (done > file.Size)
            {
                target.Close();
                File.Delete(target.Name);
                throw new InvalidDataException($"{address} sent more than the {file.Size} bytes that {file.Name} has; all was thrown away.");
            }
            await target.WriteAsync(buffer.AsMemory(0, count), silence.Token);
            view.Report(new(file.Name, done, total, start, clock.Elapsed));
        }
        if (done < total) throw new IOException($"{address} stopped after {done} of {total} bytes.");
    }
}
