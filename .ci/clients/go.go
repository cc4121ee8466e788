// The scenario of README.md in this folder, with the client for Go.
package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"os"
	"path/filepath"

	postern "github.com/GIT_USER_ID/GIT_REPO_ID"
)

func check(what string, err error, holds func() bool) {
	if err != nil {
		log.Fatalf("go: %s: %v", what, err)
	}
	if !holds() {
		log.Fatalf("go: %s: not what was expected", what)
	}
}

func problem(what string, err error) postern.Problem {
	var failed *postern.GenericOpenAPIError
	if errors.As(err, &failed) {
		if problem, ok := failed.Model().(postern.Problem); ok {
			return problem
		}
	}
	log.Fatalf("go: %s: no problem but %v", what, err)
	return postern.Problem{}
}

func main() {
	path := os.Args[1]
	config := postern.NewConfiguration()
	config.Servers[0].URL = os.Getenv("POSTERN_URL")
	client := postern.NewAPIClient(config)
	ctx := context.WithValue(context.Background(), postern.ContextBasicAuth,
		postern.BasicAuth{UserName: "demo", Password: "demo"})
	messages, attachments, search := client.MessagesAPI, client.AttachmentsAPI, client.SearchAPI

	mailboxes, _, err := client.MailboxesAPI.ListMailboxes(ctx).Execute()
	check("list", err, func() bool { return mailboxes.Items[0].GetRole() == "inbox" })

	page := messages.ListMessages(ctx, "inbox").Limit(3).
		Fields([]postern.MessageField{postern.FieldId, postern.FieldSubject})
	first, _, err := page.Execute()
	check("page", err, func() bool { return first.Items[0].GetSubject() != "" })
	second, _, err := page.Cursor(first.GetNextCursor()).Execute()
	ids := map[string]bool{}
	check("next page", err, func() bool {
		for _, message := range append(first.Items, second.Items...) {
			ids[message.Id] = true
		}
		return len(ids) == 6
	})
	id := first.Items[0].Id

	message, _, err := messages.GetMessage(ctx, id).Include([]postern.Include{postern.IncludeText}).Execute()
	check("get", err, func() bool { return message.Text.Content != "" })

	flag := postern.MessagePatch{Keywords: map[string]*bool{"$flagged": postern.PtrBool(true)}}
	flagged, _, err := messages.UpdateMessage(ctx, id).MessagePatch(flag).Execute()
	check("flag", err, func() bool { return flagged.GetKeywords()["$flagged"] })
	unflag := postern.MessagePatch{Keywords: map[string]*bool{"$flagged": nil}}
	cleared, _, err := messages.UpdateMessage(ctx, id).MessagePatch(unflag).Execute()
	check("unflag", err, func() bool { return !cleared.GetKeywords()["$flagged"] })

	batch, _, err := messages.BatchMessages(ctx).BatchRequest(postern.BatchRequest{
		Ids:      []string{id, second.Items[0].Id},
		Keywords: map[string]*bool{"$seen": postern.PtrBool(true)},
	}).Execute()
	check("batch", err, func() bool { return batch.Succeeded == 2 && batch.Results[0].GetKeywords()["$seen"] })

	found, _, err := search.SearchMessages(ctx).SearchRequest(postern.SearchRequest{
		Filter: &postern.SearchFilter{HasAttachment: postern.PtrBool(true), Subject: postern.PtrString("invoice")},
		Limit:  postern.PtrInt32(5),
	}).Execute()
	check("search", err, func() bool { return len(found.Items) > 0 && found.Items[0].GetHasAttachment() })

	name := filepath.Base(path)
	file, err := os.Open(path)
	check("file", err, func() bool { return true })
	draft, _, err := client.ComposeAPI.CreateMessageWithFiles(ctx, "drafts").
		Files([]*os.File{file}).
		Message(postern.MessageRequest{
			To:          []postern.EmailAddress{{Email: "ada@example.org"}},
			Subject:     postern.PtrString("Numbers"),
			Text:        postern.PtrString("Hi"),
			Attachments: []postern.AttachmentSource{{Part: &name}},
		}).Execute()
	check("compose", err, func() bool { return draft.GetId() != "" })
	stored, _, err := messages.GetMessage(ctx, draft.GetId()).Execute()
	check("composed", err, func() bool {
		return stored.GetSubject() == "Numbers" && stored.Attachments[0].Name == name
	})

	copied, _, err := attachments.DownloadPart(ctx, draft.GetId(), stored.Attachments[0].PartId).Execute()
	check("download", err, func() bool {
		sent, _ := os.ReadFile(path)
		got, _ := io.ReadAll(copied)
		return bytes.Equal(sent, got)
	})

	_, err = messages.DeleteMessage(ctx, draft.GetId()).Permanent(true).Execute()
	check("delete", err, func() bool { return true })
	_, _, err = messages.GetMessage(ctx, draft.GetId()).Execute()
	gone := problem("404", err)
	check("404", nil, func() bool { return gone.Status == 404 && gone.Code == "message-not-found" })
	_, _, err = search.SearchMessages(ctx).SearchRequest(postern.SearchRequest{
		Filter: &postern.SearchFilter{GmailRaw: postern.PtrString("has:drive")},
	}).Execute()
	refused := problem("422", err)
	check("422", nil, func() bool { return refused.Status == 422 && refused.Code == "not-possible" })
}
