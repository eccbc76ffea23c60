// A small shop service for the real node: it logs as one does, and fails in the way its options say.
package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

var (
	version = flag.String("version", "1.4.2", "the version it reports")
	every   = flag.Duration("every", 250*time.Millisecond, "one request in this time")
	json    = flag.Bool("json", false, "log JSON lines instead of logfmt")
	panics  = flag.Int("panic-after", 0, "dereference nil after this many requests")
	leak    = flag.Int("leak", 0, "MiB kept by each request")
	fails   = flag.Int("fail-every", 0, "one request in this many cannot be checked out")
	crashes = flag.Duration("crash-after", 0, "dereference nil after this time")
	idle    = flag.Bool("idle", false, "nobody sends a request")
	silent  = flag.Bool("silent", false, "log nothing at all")
)

type price struct{ cents int }

var (
	prices map[string]*price // nobody fills it: what -panic-after trips over
	kept   [][]byte
)

func main() {
	flag.Parse()
	var output io.Writer = os.Stdout
	if *silent {
		output = io.Discard
	}
	var handler slog.Handler = slog.NewTextHandler(output, nil)
	if *json {
		handler = slog.NewJSONHandler(output, nil)
	}
	slog.SetDefault(slog.New(handler))
	slog.Info("starting cart", "version", *version, "pid", os.Getpid())
	slog.Info("connected to redis", "address", "redis.shop:6379", "took", took(8))
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	go func() { fmt.Fprintln(os.Stderr, http.ListenAndServe(":8080", nil)) }()
	slog.Info("listening", "address", ":8080")

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	var requests, crash <-chan time.Time // one that is nil never comes
	if !*idle {
		requests = time.NewTicker(*every).C
	}
	if *crashes > 0 {
		crash = time.After(*crashes)
	}
	for n := 1; ; n++ {
		select {
		case <-stop:
			slog.Info("shutting down")
			return
		case <-crash:
			refresh()
		case <-requests:
			serve(n)
		}
	}
}

// refresh is what a service does now and then, and what -crash-after trips over.
func refresh() {
	slog.Info("refreshing prices", "currency", "EUR")
	slog.Info("price refreshed", "sku", "sku-1", "cents", prices["sku-1"].cents)
}

// serve logs what one request to a cart service logs, every kind of request from the first few on.
func serve(n int) {
	cart := fmt.Sprintf("c-%06x", rand.Intn(1<<24))
	keep()
	if *panics > 0 && n > *panics {
		slog.Info("loading prices", "cart", cart, "currency", "EUR")
		slog.Info("cart total", "cart", cart, "cents", prices["sku-1"].cents)
	}
	if *fails > 0 && n%*fails == 0 {
		slog.Error("checkout failed", "cart", cart, "error", "price service: unknown currency \"EUR\" in tariff 17")
		request("POST", "/cart/"+cart+"/checkout", 500)
		return
	}
	switch n % 4 {
	case 0:
		slog.Info("item added", "cart", cart, "sku", fmt.Sprintf("sku-%d", rand.Intn(900)+100), "quantity", rand.Intn(4)+1)
		request("POST", "/cart/"+cart+"/items", 201)
	case 1:
		slog.Info("checkout completed", "cart", cart, "items", rand.Intn(9)+1, "cents", rand.Intn(20000)+500)
		request("POST", "/cart/"+cart+"/checkout", 200)
	default:
		request("GET", "/cart/"+cart, 200)
	}
	if n%20 == 7 {
		slog.Warn("slow query", "statement", "select_cart", "took", took(900))
	}
}

func request(method, path string, status int) {
	slog.Info("request", "method", method, "path", path, "status", status, "took", took(40))
}

// keep holds on to memory, each page written once so that the kernel counts it.
func keep() {
	if *leak == 0 {
		return
	}
	page := make([]byte, *leak<<20)
	for i := 0; i < len(page); i += 4096 {
		page[i] = 1
	}
	kept = append(kept, page)
	slog.Info("price cache grown", "entries", 4096*len(kept), "mib", *leak*len(kept))
}

func took(milliseconds int) time.Duration {
	return time.Duration(1+rand.Intn(milliseconds*1000)) * time.Microsecond
}
